// The token that sends the outbox of one account: it came with her tasks, and outlives her session.

import type { Secret } from "./api";
import type { Store } from "./store";

export function secretOf(store: Store): Secret {
  return {
    token: async () => {
      const kept = await store.value("token");
      return kept && !kept.over ? kept.token : null;
    },
    over: async (token) => {
      const kept = await store.value("token");
      if (kept?.token === token) await store.setValue("token", { ...kept, over: true });
    },
  };
}
