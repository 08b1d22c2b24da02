// Starts the WebAssembly module that this worker is named after. Failures reach the page as a message, in words: a worker that cannot start is no silent page.
"use strict";
importScripts("../wasm_exec.js");
const go = new Go();
const fail = (e) => postMessage({ kind: "failed", text: String((e && e.message) || e) });
const started = async () => {
  const response = await fetch(`${self.name}.wasm`);
  if (!response.ok) throw new Error(`${self.name}.wasm: ${response.status} ${response.statusText}`);
  const { instance } = await WebAssembly.instantiateStreaming(response, go.importObject);
  await go.run(instance);
  throw new Error("the worker ended");
};
started().catch(fail);
