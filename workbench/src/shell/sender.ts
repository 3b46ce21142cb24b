// Sends the outbox: small batches, one sender at a time, and the same key until the server has answered.

import { isWork } from "./outbox";
import { keepTimeOf } from "./slices";
import { reached } from "./states";
import type { Item, Store, Tx } from "./store";
import { iso, type Times } from "./times";
import type { ItemOutcome } from "./types";

export const MOST_ITEMS = 20;
export const MOST_BYTES = 64_000;
/** Back-off in seconds, give or take a fifth. */
export const WAITS = [5, 15, 60, 300, 900] as const;
const utf8 = new TextEncoder();
const WEEK = 7 * 86_400_000;

/** What becomes of an item by its status. A status that this version does not know is put before her, not sent for ever. */
const RECEIVED: ReadonlySet<string> = new Set(["stored", "duplicate", "late", "superseded"]);
/** A person looks or chooses; she is told so until she has seen it. */
const HANDED: ReadonlySet<string> = new Set(["stored_raw", "two_answers"]);
const AGAIN = "again";

/**
 * `refused`: the server took nothing of the outbox because of something in it. `failed`: an item may have made the
 * server stumble. `signed_out`: nobody may send this now; `session`: it was the session that opened nothing.
 */
export type Reply =
  | { readonly kind: "answered"; readonly server_time: string; readonly items: readonly ItemOutcome[] }
  | { readonly kind: "signed_out"; readonly session: boolean }
  | { readonly kind: "too_large" }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "failed"; readonly seconds: number | null }
  | { readonly kind: "later"; readonly seconds: number | null };

/** How the sender reaches the server. Silence and errors of the network are `later`. */
export type Post = (body: string) => Promise<Reply>;

export type Ended = "empty" | "later" | "paused" | "signed_out";

export interface Progress {
  readonly received: readonly Item[];
  readonly refused: readonly Item[];
}

interface Settled {
  readonly received: Item[];
  readonly refused: Item[];
  readonly again: Set<string>;
}

export class Sender {
  private failures = 0;
  private most = MOST_ITEMS;
  /** No sending before this instant (monotonic). */
  private notBefore = 0;
  /** Items at which the server stumbled while they were alone: they go last, so that they hold up nothing. */
  private readonly suspects = new Set<string>();

  constructor(
    private readonly store: Store,
    private readonly times: Times,
    private readonly post: Post,
    private readonly random: () => number = Math.random,
    private readonly shift: (by: number, segment: number) => Promise<void> = async () => undefined,
  ) {}

  /** How long to wait before the next try, in milliseconds. */
  get wait(): number {
    return Math.max(0, this.notBefore - this.times.mono());
  }

  /** «Send now», or the link came back: the wait is over. */
  hurry(): void {
    this.notBefore = 0;
  }

  /** Sends what is queued, batch after batch, until nothing is left or something stands in the way. */
  async run(tell: (progress: Progress) => void): Promise<Ended> {
    const tried = new Set<string>();
    while (this.wait === 0) {
      const batch = await this.batch(tried);
      if (batch.length === 0) return "empty";
      const began = this.times.mono();
      const reply = await this.post(this.body(batch));
      if (reply.kind === "signed_out") return reply.session ? "signed_out" : "paused";
      if (reply.kind === "answered") await this.answered(batch, reply, began, tried, tell);
      else if (reply.kind === "later") this.backOff(reply.seconds);
      else if (batch.length > 1) this.halve(batch, reply);
      else await this.alone(batch, reply, tell);
    }
    return "later";
  }

  /** Something in the batch stands in the way: the half of it is tried, and so on down to one item. */
  private halve(batch: readonly Item[], reply: Reply): void {
    this.most = Math.ceil(batch.length / 2);
    if (reply.kind === "failed") this.backOff(reply.seconds);
  }

  /**
   * A single item is what the server doesn't take. It stays here, before her eyes, and the others go on. Where the
   * server takes no outbox at all, not even an empty one, the fault isn't the item's: it is tried again later.
   */
  private async alone(
    batch: readonly Item[],
    reply: Exclude<Reply, { kind: "answered" | "signed_out" | "later" }>,
    tell: (progress: Progress) => void,
  ): Promise<void> {
    if (reply.kind === "failed") {
      for (const item of batch) this.suspects.add(item.key);
      return this.backOff(reply.seconds);
    }
    if (reply.kind === "refused" && (await this.post(this.body([]))).kind !== "answered")
      return this.backOff(null);
    const why = reply.kind === "refused" && reply.why ? [reply.why] : [];
    await this.store.write(["outbox", "tasks"], async (tx) => {
      for (const item of batch) await refuse(tx, item, reply.kind, why);
    });
    tell({ received: [], refused: batch });
  }

  private async answered(
    batch: readonly Item[],
    reply: Extract<Reply, { kind: "answered" }>,
    began: number,
    tried: Set<string>,
    tell: (progress: Progress) => void,
  ): Promise<void> {
    this.failures = 0;
    this.most = Math.min(MOST_ITEMS, this.most * 2);
    await this.learn(reply.server_time, began);
    const done = await this.settle(batch, reply.items);
    for (const item of batch) if (!done.again.has(item.key)) tried.add(item.key);
    if (done.received.length + done.refused.length) tell(done);
    else if (done.again.size) this.backOff(null);
  }

  private async learn(serverTime: string, began: number): Promise<void> {
    const segment = this.times.segment;
    const shift = this.times.learn(Date.parse(serverTime), this.times.mono() - began);
    if (shift) await this.shift(shift, segment);
  }

  private backOff(seconds: number | null): void {
    const step = WAITS[Math.min(this.failures, WAITS.length - 1)] ?? 900;
    this.failures += 1;
    const wait = seconds ?? step * (0.8 + 0.4 * this.random());
    this.notBefore = this.times.mono() + wait * 1000;
  }

  /** The oldest items that fit, one a task and in the order of its revisions, all with the same shift. */
  private async batch(tried: ReadonlySet<string>): Promise<Item[]> {
    const queued = await this.store.read((db) => db.getAllFromIndex("outbox", "state", "queued"));
    const last = (item: Item) => Number(this.suspects.has(item.key));
    const waiting = inOrder(
      queued
        .filter((item) => !tried.has(item.key))
        .sort((a, b) => last(a) - last(b) || (a.n ?? 0) - (b.n ?? 0)),
    );
    const first = waiting[0];
    if (!first) return [];
    const taken: Item[] = [];
    const leases = new Set<number>();
    let bytes = 0;
    for (const item of waiting) {
      if (item.lease !== null && leases.has(item.lease)) continue;
      // What comes after an item that waits, waits too: an earlier answer never follows a later one.
      if (item.lease !== null) leases.add(item.lease);
      if (item.shift !== first.shift || (last(item) && taken.length)) continue;
      bytes += utf8.encode(item.body).length;
      if (taken.length && (taken.length >= this.most || bytes > MOST_BYTES)) break;
      taken.push(item);
    }
    return taken;
  }

  /**
   * Times were kept by the server's clock; what `device_now` differs from it is how far they are to be moved. The
   * account is named, so that nobody else's session sends it as her own.
   */
  private body(batch: readonly Item[]): string {
    const now = iso(this.times.now() - (batch[0]?.shift ?? 0));
    const items = batch.map((item) => item.body).join(",");
    return `{"account":"${this.store.account}","device_now":"${now}","items":[${items}]}`;
  }

  /** Each item by its own status, all in one transaction. What has no status of its own is sent again. */
  private settle(batch: readonly Item[], outcomes: readonly ItemOutcome[]): Promise<Settled> {
    const at = this.times.now();
    return this.store.write(["outbox", "tasks", "receipts", "slices"], async (tx) => {
      const done: Settled = { received: [], refused: [], again: new Set() };
      for (const [index, item] of batch.entries()) {
        const outcome = outcomes[index];
        await apply(tx, item, outcome?.key === item.key ? outcome : undefined, done, at);
      }
      return done;
    });
  }
}

/** The same items, those of one task by their revisions: a file may have brought an older one later. */
function inOrder(items: readonly Item[]): Item[] {
  const own = new Map<number, Item[]>();
  for (const item of items) {
    if (item.lease !== null) own.set(item.lease, [...(own.get(item.lease) ?? []), item]);
  }
  for (const some of own.values()) some.sort((a, b) => a.revision - b.revision || (a.n ?? 0) - (b.n ?? 0));
  return items.map((item) => (item.lease === null ? item : (own.get(item.lease)?.shift() ?? item)));
}

async function apply(tx: Tx, item: Item, outcome: ItemOutcome | undefined, done: Settled, at: number) {
  const status = outcome?.status ?? AGAIN;
  if (RECEIVED.has(status) || HANDED.has(status)) {
    done.received.push(item);
    await acknowledge(tx, item, status, outcome?.receipt ?? null, outcome?.why ?? [], at);
  } else if (status === AGAIN) done.again.add(item.key);
  else {
    done.refused.push(item);
    await refuse(tx, item, status, outcome?.why ?? []);
  }
}

async function acknowledge(
  tx: Tx,
  item: Item,
  status: string,
  receipt: string | null,
  why: readonly string[],
  at: number,
) {
  const outbox = tx.objectStore("outbox");
  if (HANDED.has(status)) await outbox.put({ ...item, state: "handed", status, why });
  else if (item.n !== undefined) await outbox.delete(item.n);
  const { key, type, lease, project, ms } = item;
  await tx.objectStore("receipts").put({ key, type, lease, project, receipt, status, at, ms });
  if (isWork(item)) await forgetOlder(tx, item);
  await move(tx, item, "acknowledge");
}

/** A newer answer was received: the refused ones before it need nobody any more. Their time stays. */
async function forgetOlder(tx: Tx, item: Item): Promise<void> {
  for (const one of await tx.objectStore("outbox").index("state").getAll("quarantine")) {
    if (one.lease !== item.lease || one.revision >= item.revision || !isWork(one)) continue;
    await keepTimeOf(tx, one);
    if (one.n !== undefined) await tx.objectStore("outbox").delete(one.n);
  }
}

async function refuse(tx: Tx, item: Item, status: string, why: readonly string[]) {
  await tx.objectStore("outbox").put({ ...item, state: "quarantine", status, why });
  await move(tx, item, "refuse", why);
}

/** The task follows its answer, unless she has begun to correct it meanwhile. */
async function move(tx: Tx, item: Item, how: "acknowledge" | "refuse", why?: readonly string[]) {
  if (item.lease === null || !isWork(item)) return;
  const task = await tx.objectStore("tasks").get(item.lease);
  const state = task && task.revision === item.revision ? reached(task.state, how) : null;
  if (task && state) await tx.objectStore("tasks").put({ ...task, state, ...(why ? { why } : {}) });
}

/** What is no longer needed: answers a week after their receipt. Receipts stay for ever. */
export async function purge(store: Store, now: number): Promise<void> {
  await store.write(
    ["tasks", "journal", "gaps"],
    async (tx) => {
      for (const task of await tx.objectStore("tasks").getAll()) {
        const over = task.state === "acked" && task.changed < now - WEEK;
        if (!over && task.state !== "lapsed" && task.state !== "revoked") continue;
        await tx.objectStore("tasks").delete(task.lease);
        const lines = IDBKeyRange.bound([task.lease, 0], [task.lease, Number.MAX_SAFE_INTEGER]);
        await tx.objectStore("journal").delete(lines);
      }
      for (const gap of await tx.objectStore("gaps").getAll()) {
        if (gap.started < now - 2 * WEEK) await tx.objectStore("gaps").delete(gap.key);
      }
    },
    false,
  );
}
