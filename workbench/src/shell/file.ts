// Unsent answers as a file, to be sent from any phone that has Palabre. Opening it twice changes nothing.

import { sha256 } from "./ids";
import type { People } from "./people";
import { type Item, Store, type Values } from "./store";

const MARK = "outbox";
const LONGEST = 20_000_000;

interface Saved {
  readonly palabre: typeof MARK;
  readonly version: 1;
  readonly account: string;
  readonly token: string;
  readonly items: readonly Omit<Item, "n">[];
  readonly sha256: string | null;
}

/** The outbox of an account, with the token that can send it and do nothing else. */
export async function save(store: Store): Promise<Blob | null> {
  const token = (await store.value("token"))?.token;
  const outbox = await store.read((db) => db.getAll("outbox"));
  const unsent = outbox.filter((item) => item.state !== "handed");
  if (!token || unsent.length === 0) return null;
  const items = unsent.map(({ n: _n, ...item }) => ({ ...item, state: "queued" as const }));
  const saved: Saved = {
    palabre: MARK,
    version: 1,
    account: store.account,
    token,
    items,
    sha256: await sha256(JSON.stringify(items)),
  };
  return new Blob([JSON.stringify(saved)], { type: "application/json" });
}

/** Takes the answers of a file into the database of their owner. The answer: how many; none: no such file. */
export async function take(text: string, people: People): Promise<number | null> {
  const saved = await read(text);
  if (!saved) return null;
  await people.meet(saved.account);
  const store = new Store(saved.account);
  try {
    return await store.write(["outbox", "receipts", "values"], async (tx) => {
      const known = (await tx.objectStore("values").get("token"))?.value as Values["token"] | undefined;
      if (!known || known.over) {
        await tx.objectStore("values").put({ name: "token", value: { token: saved.token, got: 0 } });
      }
      let taken = 0;
      for (const item of saved.items) {
        const known = await tx.objectStore("outbox").index("key").getKey(item.key);
        if (known !== undefined || (await tx.objectStore("receipts").get(item.key))) continue;
        await tx.objectStore("outbox").add({ ...item, state: "queued" });
        taken += 1;
      }
      return taken;
    });
  } finally {
    store.close();
  }
}

async function read(text: string): Promise<Saved | null> {
  if (text.length > LONGEST) return null;
  try {
    const saved = JSON.parse(text) as Partial<Saved>;
    const whole = saved.palabre === MARK && saved.version === 1 && Array.isArray(saved.items);
    if (!whole || typeof saved.account !== "string" || typeof saved.token !== "string") return null;
    const hash = await sha256(JSON.stringify(saved.items));
    return saved.sha256 && hash && saved.sha256 !== hash ? null : (saved as Saved);
  } catch {
    return null;
  }
}
