// The service worker and the phone's memory.

import { effect } from "@preact/signals";
import type { Desk } from "./desk";
import { language } from "./i18n";
import * as screen from "./screen";

/** The worker says in her language that a page can't be had (src/worker/offline.ts reads this). */
function keepLanguage(): void {
  effect(() => {
    const spoken = language.value;
    void caches.open("palabre-spoken").then((cache) => cache.put("/language", new Response(spoken)));
  });
}

/** Registers the worker, for every page. A new version waits: it is offered, and taken when she says so. */
export async function keepPage(flush: () => Promise<void>): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const registration = await navigator.serviceWorker.register("/bench/sw.js", { scope: "/" });
  keepLanguage();
  const offer = (worker: ServiceWorker | null) => {
    if (!worker || !navigator.serviceWorker.controller) return;
    screen.newVersion.value = () => void flush().then(() => worker.postMessage("take over"));
  };
  offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed") offer(worker);
    });
  });
  const controlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first worker of this browser changes nothing; a newer one brings its own page.
    if (controlled) void flush().then(() => location.reload());
  });
}

/** Asks the phone to keep the memory, and sets room aside for the day when it is full. */
export async function keepMemory(desk: Desk): Promise<void> {
  if (navigator.storage?.persist && !(await navigator.storage.persisted())) await navigator.storage.persist();
  await desk.store.layBallast();
}

export async function pinned(): Promise<boolean> {
  return (await navigator.storage?.persisted?.()) ?? false;
}
