// A database in memory, and the little of a page that the shell asks for.
import "fake-indexeddb/auto";

Object.assign(globalThis, {
  document: { documentElement: { lang: "en" }, cookie: "" },
  matchMedia: () => ({ matches: false }),
});

// Node 20 has none.
if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: {} });
