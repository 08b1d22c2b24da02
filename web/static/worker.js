// Starts the worker's WebAssembly. Failures reach the page as a message, in words: a worker that cannot start is no silent page.
"use strict";
importScripts("../wasm_exec.js");
const go = new Go();
const fail = (e) => postMessage({ kind: "failed", text: String((e && e.message) || e) });
const started = async () => {
  const response = await fetch("worker.wasm");
  if (!response.ok) throw new Error(`worker.wasm: ${response.status} ${response.statusText}`);
  const { instance } = await WebAssembly.instantiateStreaming(response, go.importObject);
  await go.run(instance);
  throw new Error("the worker ended");
};
started().catch(fail);
