// What the page has in JavaScript: it runs before the program has come.
"use strict";
// The one Trusted Types policy of the page: the browser asks it before it runs what was a text until then. Two scripts may be started by
// their address; no text becomes markup or a program.
{
  const root = new URL("..", document.currentScript.src);
  const scripts = ["app-worker.js", "web/worker.js"].map((name) => new URL(name, root).href);
  globalThis.trustedTypes?.createPolicy("default", {
    createScriptURL: (url) => (scripts.includes(new URL(url, location.href).href) ? url : null),
  });
}
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
    for (const name of (await globalThis.caches?.keys()) ?? []) if (name.startsWith("app-")) await caches.delete(name);
  };
  forget().finally(() => {
    history.replaceState(null, "", location.pathname + location.search + fragment);
    location.reload();
  });
  return true;
};
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
