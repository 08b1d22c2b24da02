// Starts the WebAssembly module that this worker is named after, by the first word of its name: a "counter" is handed the one that the
// worker which starts it has compiled, all others load their own. Failures reach whoever started this as a message, in words, with the last that the program said.
"use strict";
importScripts(root + "wasm_exec.js");
// Go prints in crumbs, and after the line that says what happened come the stacks of all that ran.
let said = "";
let last = "";
const write = globalThis.fs.writeSync;
globalThis.fs.writeSync = (fd, bytes) => {
  if (!last) {
    said = (said + new TextDecoder().decode(bytes)).slice(-2000);
    last = /^(?:fatal error|panic|runtime):.*(?=\n)/m.exec(said)?.[0] ?? "";
  }
  return write(fd, bytes);
};
const fail = (e) => postMessage({ kind: "failed", text: [String((e && e.message) || e), last].filter(Boolean).join(": ") });
// fill reads a stream into a buffer until that is full or the stream ends. It is here because a promise costs ten times as much in Go.
self.fill = async (reader, buffer) => {
  let size = 0;
  while (size < buffer.byteLength) {
    const { done, value } = await reader.read(new Uint8Array(buffer, size));
    if (done) return { done: size === 0, value: value ? new Uint8Array(value.buffer, 0, size) : null };
    size += value.length;
    buffer = value.buffer;
  }
  return { done: false, value: new Uint8Array(buffer) };
};
// gather is fill for a stream that brings pieces of its own: it copies them into the buffer, and says how many bytes are there; 0 at the end.
self.gather = async (reader, buffer) => {
  let size = 0;
  while (size < buffer.length && !reader.failed) {
    if (!reader.piece?.length) {
      try {
        const { done, value } = await reader.read();
        if (done) break;
        reader.piece = value;
      } catch (e) {
        reader.failed = e; // what came before it counts
        break;
      }
    }
    const part = reader.piece.subarray(0, buffer.length - size);
    buffer.set(part, size);
    reader.piece = reader.piece.subarray(part.length);
    size += part.length;
  }
  if (size === 0 && reader.failed) throw reader.failed;
  return size;
};
// reach says what keeps this page from programs of this machine: a permission that is not granted, "prompt" where the browser asks and the
// page is from elsewhere; "forbidden" in Safari, whose pages from https reach none; "" if nothing does.
self.reach = async () => {
  if (root.startsWith("https:") && /Safari\//.test(navigator.userAgent) && !/Chrome\//.test(navigator.userAgent)) return "forbidden";
  const state = await navigator.permissions?.query({ name: "loopback-network" }).then((p) => p.state, () => "");
  return state === "denied" || (state === "prompt" && root.startsWith("https:")) ? state : "";
};
// ignored is what a promise's failure is given to that nobody waits for.
self.ignored = () => {};
// inPieces is the stream of a file in pieces so small that what unpacks to a thousand times its size comes in turns, too: Chromium inflates
// a piece at once and keeps what comes of it, and a file's own pieces have 2 MB.
self.inPieces = (file) => file.stream().pipeThrough(new TransformStream({
  transform: (piece, to) => {
    for (let at = 0; at < piece.length; at += 65536) to.enqueue(piece.subarray(at, at + 65536));
  },
}));
// namesIn are the names of what is in a folder, of the first most.
self.namesIn = async (folder, most) => {
  const names = [];
  for await (const name of folder.keys()) if (names.push(name) === most) break;
  return names;
};
// appending opens a file of a folder for writing at its end.
self.appending = async (file, size) => {
  const stream = await file.createWritable({ keepExistingData: size > 0 });
  if (size > 0) await stream.seek(size);
  return stream;
};
const handed = () => new Promise((ok) => addEventListener("message", (e) => ok(e.data.module), { once: true }));
// keep stores a module that only some visitors need with the rest of the page, once it has been needed, so that it is there without a
// network, too. While a newer page is being installed beside this one it is not clear whose module it is.
const keep = async (response) => {
  const pages = (await globalThis.caches?.keys() ?? []).filter((name) => name.startsWith("app-"));
  if (pages.length === 1) await (await caches.open(pages[0])).put(response.url, response);
};
const loaded = async () => {
  const file = `${root}web/${self.name.split(" ")[0]}.wasm`;
  const response = await fetch(file);
  if (!response.ok) throw new Error(`${file}: ${response.status} ${response.statusText}`);
  keep(response.clone()).catch(() => {}); // without room it is loaded again next time
  return WebAssembly.compileStreaming(response);
};
const started = async () => {
  const go = new Go();
  self.module = await (self.name.startsWith("counter") ? handed() : loaded());
  const instance = await WebAssembly.instantiate(self.module, go.importObject);
  self.memory = instance.exports.mem;
  await go.run(instance);
  throw new Error("the worker ended");
};
started().catch(fail);
