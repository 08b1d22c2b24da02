// The one Trusted Types policy of the page: the browser asks it before it runs what was a text until then. Two scripts may be started by
// their address; no text becomes markup or a program.
"use strict";
{
  const root = new URL("..", document.currentScript.src);
  const scripts = ["app-worker.js", "web/worker.js"].map((name) => new URL(name, root).href);
  globalThis.trustedTypes?.createPolicy("default", {
    createScriptURL: (url) => (scripts.includes(new URL(url, location.href).href) ? url : null),
  });
}
