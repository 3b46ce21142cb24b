// Keeps the page and its files, so that it opens without a network and with a session that is over.
// A new version waits until every window is closed, or until she takes it: it never takes over by itself.
// Of all other pages it keeps nothing: without a network it says so, and leads back to the work.

import { offline } from "./offline";

declare const self: ServiceWorkerGlobalScope;
/** Every file of this build, and a mark that changes with them: both are put here by build.mjs. */
declare const __FILES__: readonly string[];
declare const __BUILD__: string;

const SHELL = "/bench/";
const CACHE = `palabre-bench-${__BUILD__}`;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === SHELL)
    event.respondWith(kept(SHELL, event.request));
  else if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(instead));
  else if (__FILES__.includes(url.pathname)) event.respondWith(kept(url.pathname, event.request));
});
self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(self.skipWaiting());
});

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  // The sign-in page must never be kept in place of the shell.
  const shell = await fetch(SHELL, { redirect: "manual", credentials: "same-origin", cache: "no-cache" });
  if (!shell.ok || shell.type === "opaqueredirect") throw new Error("the shell can't be had now");
  await cache.addAll([...__FILES__]);
  await cache.put(SHELL, shell);
}

async function tidy(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith("palabre-bench-") && name !== CACHE) await caches.delete(name);
  }
  await self.clients.claim();
}

async function kept(name: string, request: Request): Promise<Response> {
  const found = await caches.match(name, { cacheName: CACHE });
  return found ?? fetch(request);
}

/** The page can't be had now. */
function instead(): Promise<Response> {
  return offline(
    SHELL,
    __FILES__.find((name) => /\/main\.[^/]+\.css$/.test(name)),
  );
}
