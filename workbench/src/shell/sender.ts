// Sends the outbox: small batches, one sender at a time, and the same key until the server has answered.

import { reached } from "./states";
import type { Item, Store, Tx } from "./store";
import { iso, type Times } from "./times";
import type { ItemOutcome, Outcome } from "./types";

export const MOST_ITEMS = 20;
export const MOST_BYTES = 64_000;
/** Back-off in seconds, give or take a fifth. */
export const WAITS = [5, 15, 60, 300, 900] as const;
const utf8 = new TextEncoder();
const WEEK = 7 * 86_400_000;

const RECEIVED: ReadonlySet<Outcome> = new Set(["stored", "duplicate", "late", "stored_raw", "superseded"]);
const REFUSED: ReadonlySet<Outcome> = new Set(["invalid", "key_reused"]);

export type Reply =
  | { readonly kind: "answered"; readonly server_time: string; readonly items: readonly ItemOutcome[] }
  | { readonly kind: "signed_out" }
  | { readonly kind: "too_large" }
  | { readonly kind: "later"; readonly seconds: number | null };

/** How the sender reaches the server. Silence and errors of the network are `later`. */
export type Post = (body: string) => Promise<Reply>;

export type Ended = "empty" | "later" | "paused" | "foreign";

export interface Progress {
  readonly received: readonly Item[];
  readonly refused: readonly Item[];
}

interface Settled {
  readonly received: Item[];
  readonly refused: Item[];
  readonly again: Set<string>;
  foreign: boolean;
}

export class Sender {
  private failures = 0;
  private most = MOST_ITEMS;
  /** No sending before this instant (monotonic). */
  private notBefore = 0;

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
    let foreign = false;
    while (this.wait === 0) {
      const batch = await this.batch(tried);
      if (batch.length === 0) return foreign ? "foreign" : "empty";
      const began = this.times.mono();
      const reply = await this.post(this.body(batch));
      if (reply.kind === "signed_out") return "paused";
      if (reply.kind === "later") this.backOff(reply.seconds);
      else if (reply.kind === "too_large") this.halve(batch, tried);
      else foreign = (await this.answered(batch, reply, began, tried, tell)) || foreign;
    }
    return "later";
  }

  /** The batch was too large for somebody on the way. A single item that is too large waits for the next run. */
  private halve(batch: readonly Item[], tried: Set<string>): void {
    this.most = Math.max(1, Math.ceil(batch.length / 2));
    if (batch.length === 1) for (const item of batch) tried.add(item.key);
  }

  private async answered(
    batch: readonly Item[],
    reply: Extract<Reply, { kind: "answered" }>,
    began: number,
    tried: Set<string>,
    tell: (progress: Progress) => void,
  ): Promise<boolean> {
    this.failures = 0;
    this.most = MOST_ITEMS;
    await this.learn(reply.server_time, began);
    const done = await this.settle(batch, reply.items);
    for (const item of batch) if (!done.again.has(item.key)) tried.add(item.key);
    const moved = done.received.length + done.refused.length;
    if (moved) tell(done);
    else if (done.again.size) this.backOff(null);
    return done.foreign;
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

  /** The oldest items that fit, one a task, all with the same shift. Answers come before bare time. */
  private async batch(tried: ReadonlySet<string>): Promise<Item[]> {
    const queued = await this.store.read((db) => db.getAllFromIndex("outbox", "state", "queued"));
    const waiting = queued.filter((item) => !tried.has(item.key)).sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
    const first = waiting[0];
    if (!first) return [];
    const taken: Item[] = [];
    const leases = new Set<number>();
    let bytes = 0;
    for (const item of waiting) {
      if (item.shift !== first.shift || (item.lease !== null && leases.has(item.lease))) continue;
      bytes += utf8.encode(item.body).length;
      if (taken.length && (taken.length >= this.most || bytes > MOST_BYTES)) break;
      taken.push(item);
      if (item.lease !== null) leases.add(item.lease);
    }
    return taken;
  }

  /** Times were kept by the server's clock; what `device_now` differs from it is how far they are to be moved. */
  private body(batch: readonly Item[]): string {
    const now = this.times.now() - (batch[0]?.shift ?? 0);
    return `{"device_now":"${iso(now)}","items":[${batch.map((item) => item.body).join(",")}]}`;
  }

  /** Each item by its own status, all in one transaction. What has no status of its own is sent again. */
  private settle(batch: readonly Item[], outcomes: readonly ItemOutcome[]): Promise<Settled> {
    const at = this.times.now();
    return this.store.write(["outbox", "tasks", "receipts"], async (tx) => {
      const done: Settled = { received: [], refused: [], again: new Set(), foreign: false };
      for (const [index, item] of batch.entries()) {
        const outcome = outcomes[index];
        await apply(tx, item, outcome?.key === item.key ? outcome : undefined, done, at);
      }
      return done;
    });
  }
}

async function apply(tx: Tx, item: Item, outcome: ItemOutcome | undefined, done: Settled, at: number) {
  const status = outcome?.status ?? "again";
  if (RECEIVED.has(status)) {
    done.received.push(item);
    await acknowledge(tx, item, status, outcome?.receipt ?? null, at);
  } else if (REFUSED.has(status)) {
    done.refused.push(item);
    await refuse(tx, item, status, outcome?.why ?? []);
  } else if (status === "not_yours") done.foreign = true;
  else done.again.add(item.key);
}

async function acknowledge(tx: Tx, item: Item, status: string, receipt: string | null, at: number) {
  if (item.n !== undefined) await tx.objectStore("outbox").delete(item.n);
  const { key, type, lease, project, ms } = item;
  await tx.objectStore("receipts").put({ key, type, lease, project, receipt, status, at, ms });
  await move(tx, item, "acknowledge");
}

async function refuse(tx: Tx, item: Item, status: string, why: readonly string[]) {
  await tx.objectStore("outbox").put({ ...item, state: "quarantine", status, why });
  await move(tx, item, "refuse", why);
}

/** The task follows its answer, unless she has begun to correct it meanwhile. */
async function move(tx: Tx, item: Item, how: "acknowledge" | "refuse", why?: readonly string[]) {
  if (item.lease === null || (item.type !== "answer" && item.type !== "skip")) return;
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
