// What the page has in JavaScript: it runs before the program has come.
"use strict";
// start is for the page and, by its text, for each of its workers: it makes the one Trusted Types policy there is, and startWorker.
//
// The browser asks the policy before it runs what was a text until then. A few scripts may be started by their address; no text becomes
// markup or a program, but for the few words that a worker begins with. It begins with them, and not with its script, because then it may do
// no more than the page: a worker with an address of its own is bound only by what its host says, and a static host says nothing.
const start = (root) => {
  const begun = new Set();
  const scripts = ["app-worker.js", "wasm_exec.js", "web/worker.js"].map((name) => root + name);
  self.trustedTypes?.createPolicy("default", {
    createScriptURL: (url) => {
      const address = new URL(url, self.document?.baseURI ?? root).href;
      return scripts.includes(address) || begun.delete(address) ? address : null;
    },
  });
  self.root = root;
  self.startWorker = (name) => {
    const words = `"use strict"; const start = ${start}; start(${JSON.stringify(root)}); importScripts(root + "web/worker.js");`;
    const address = URL.createObjectURL(new Blob([words], { type: "text/javascript" }));
    begun.add(address);
    const worker = new Worker(address, { name });
    worker.addEventListener("message", () => URL.revokeObjectURL(address), { once: true });
    return worker;
  };
};
start(new URL("..", document.currentScript?.src ?? location.href).href);
// renew loads the page anew, past every cache, since it is not of the build it should be, and returns true; once for a build, or it would go on
// for ever. The fragment is the address's then. Again is for again below, after it.
self.renew = (build, fragment, again) => {
  try {
    if (sessionStorage.getItem("renewed") === build) return false;
    sessionStorage.setItem("renewed", build);
    if (again) sessionStorage.setItem("again", "1");
  } catch {
    return false; // there is no storage to remember it by
  }
  const forget = async () => {
    for (const r of (await navigator.serviceWorker?.getRegistrations()) ?? []) await r.unregister();
    for (const name of (await self.caches?.keys()) ?? []) if (name.startsWith("app-")) await caches.delete(name);
  };
  forget().finally(() => {
    history.replaceState(null, "", location.pathname + location.search + fragment);
    location.reload();
  });
  return true;
};
// whenItRuns calls then once the page's program runs and the browser has nothing better to do; at once where the page is installed already, since
// then that looks for a newer one.
self.whenItRuns = (then) => {
  if (navigator.serviceWorker?.controller) {
    then();
    return;
  }
  const loader = document.getElementById("app-wasm-loader");
  const idle = self.requestIdleCallback ?? setTimeout; // Safari has none
  new MutationObserver((_, observer) => {
    if (loader.isConnected) return;
    observer.disconnect();
    idle(then);
  }).observe(document.body, { childList: true, subtree: true });
};
// launched calls take with the files that the system has opened with the page, where it is installed as a program.
self.launched = (take) => self.launchQueue?.setConsumer(async (launch) => {
  const files = await Promise.all(launch.files.map((f) => f.getFile()));
  if (files.length > 0) take(files);
});
// chooseFolder is a folder that the user chooses to write to, or null.
self.chooseFolder = () => self.showDirectoryPicker({ id: "tracelens", mode: "readwrite" }).catch((e) => {
  if (e.name === "AbortError") return null; // thought better of it
  throw e;
});
// again is whether the page was loaded anew in the middle of something, as renew was told.
self.again = () => {
  try {
    const again = sessionStorage.getItem("again");
    sessionStorage.removeItem("again");
    return again !== null;
  } catch {
    return false;
  }
};
