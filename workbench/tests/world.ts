// What the tests stand on: a watch that they turn, an account of its own for each, tasks, a server that remembers.

import { newKey } from "../src/shell/ids";
import type { Reply } from "../src/shell/sender";
import { Store, type Task } from "../src/shell/store";
import { Times, type Watch } from "../src/shell/times";
import type { ItemOutcome, Schema } from "../src/shell/types";

export const PROJECT = "0190a000-0000-7000-8000-000000000001";
export const SCHEMA: Schema = {
  shows: [{ name: "text", type: "text", field: "$text" }],
  asks: [
    { name: "mood", type: "choices", to: "text", labels: [{ value: "happy" }, { value: "sad" }] },
    { name: "why", type: "textarea", to: "text" },
  ],
};

export class Hand implements Watch {
  at = Date.UTC(2026, 5, 1, 9);
  ticks = 0;
  wall(): number {
    return this.at;
  }
  mono(): number {
    return this.ticks;
  }
  /** Time goes by. */
  pass(ms: number): void {
    this.at += ms;
    this.ticks += ms;
  }
  /** Somebody sets the device's clock. */
  set(at: number): void {
    this.at = at;
  }
}

export function times(hand: Hand): Times {
  return new Times(hand);
}

export function store(): Store {
  return new Store(newKey());
}

export async function addTask(where: Store, lease: number, more: Partial<Task> = {}): Promise<Task> {
  const task: Task = {
    lease,
    task: lease,
    position: lease,
    payload: { text: `text ${lease}` },
    media: null,
    project: PROJECT,
    state: "ready",
    revision: 1,
    schema: 1,
    guideline: 1,
    expires: Number.MAX_SAFE_INTEGER,
    changed: 0,
    order: lease,
    ...more,
  };
  await where.write(["tasks"], (tx) => tx.objectStore("tasks").put(task));
  return task;
}

interface Sent {
  readonly key: string;
  readonly type: string;
  readonly lease?: number;
  readonly revision?: number;
}

/** Answers as the real one does: the first time stored, the same again a duplicate with the same receipt. */
export class Server {
  readonly kept = new Map<string, string>();
  /** How often each answer had an effect. */
  readonly effects = new Map<string, number>();
  readonly bodies: { device_now: string; items: Sent[] }[] = [];
  invalid = new Set<number>();
  foreign = new Set<number>();
  /** Leases of which it can read nothing: kept for a person. */
  unread = new Set<number>();
  /** Leases that make it refuse, or fail at, the whole outbox. */
  poison = new Set<number>();
  stumbles = false;
  /** It takes no outbox at all. */
  shut = false;
  /** What happens to the next request: it never arrives, or its answer never comes back. */
  trouble: ("lost" | "unheard")[] = [];

  constructor(private readonly hand: Hand) {}

  post = async (body: string): Promise<Reply> => {
    const trouble = this.trouble.shift();
    if (trouble === "lost") return { kind: "later", seconds: null };
    const read = JSON.parse(body) as { device_now: string; items: Sent[] };
    this.bodies.push(read);
    if (this.shut) return { kind: "refused", why: "device_now: not a time" };
    if (read.items.some((item) => this.poison.has(item.lease ?? 0))) {
      return this.stumbles
        ? { kind: "failed", seconds: null }
        : { kind: "refused", why: "items.0: half a letter" };
    }
    const seen = new Set<number>();
    const items = read.items.map((item) => this.outcome(item, JSON.stringify(item), seen));
    if (trouble === "unheard") return { kind: "later", seconds: null };
    return { kind: "answered", server_time: new Date(this.hand.wall()).toISOString(), items };
  };

  private outcome(item: Sent, body: string, seen: Set<number>): ItemOutcome {
    const { key, lease } = item;
    const before = this.kept.get(key);
    if (before !== undefined) {
      return { key, status: before === body ? "duplicate" : "key_reused", receipt: `r-${key}`, why: [] };
    }
    if (lease !== undefined && this.foreign.has(lease))
      return { key, status: "not_yours", receipt: null, why: [] };
    if (lease !== undefined && this.invalid.has(lease)) {
      return { key, status: "invalid", receipt: null, why: ["$: not answered"] };
    }
    if (lease !== undefined && this.unread.has(lease)) {
      return { key, status: "stored_raw", receipt: `r-${key}`, why: ["schema_version: not known here"] };
    }
    if (lease !== undefined && item.type === "answer") {
      if (seen.has(lease)) return { key, status: "again", receipt: null, why: [] };
      seen.add(lease);
    }
    this.kept.set(key, body);
    this.effects.set(key, (this.effects.get(key) ?? 0) + 1);
    return { key, status: "stored", receipt: `r-${key}`, why: [] };
  }
}
