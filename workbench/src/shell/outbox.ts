// Everything that is to be sent, kept on the disk before anything is sent.

import { noteOf, resultOf } from "./answers";
import { newKey } from "./ids";
import { draftOf, type History } from "./journal";
import { reached } from "./states";
import type { Item, Name, Slice, Store, Task, Tx } from "./store";
import { iso, type Times } from "./times";
import type { FlagReason, Schema, SentSlice, SkipReason } from "./types";

/** For so long, Next can be taken back before the answer leaves the device. */
export const HOLD = 8_000;
/** As many slices as one item takes. */
const MOST_SLICES = 400;

const SEALING: Name[] = ["tasks", "outbox", "slices", "journal"];

export type Parting =
  | { readonly type: "answer"; readonly history: History; readonly schema: Schema }
  | { readonly type: "skip"; readonly reason: SkipReason; readonly comment: string };

export class Outbox {
  constructor(
    private readonly store: Store,
    private readonly times: Times,
  ) {}

  /**
   * She is done with a task: the frozen answer, its key and its time are on the disk when this is over,
   * in one transaction. It leaves the device after 8 s, or when it is released.
   */
  seal(task: Task, how: Parting): Promise<Item> {
    const at = this.times.now();
    return this.store.write(SEALING, async (tx) => {
      const slices = await takeSlices(tx, (slice) => slice.lease === task.lease);
      const refused = await refusedOf(tx, task.lease);
      if (refused?.n !== undefined) await tx.objectStore("outbox").delete(refused.n);
      const item = this.item(task.project, how.type, task, slices, at, partingBody(task, how, at), HOLD);
      await tx.objectStore("outbox").add(item);
      await tx
        .objectStore("tasks")
        .put({ ...task, state: reached(task.state, "seal") ?? "sealed", changed: at });
      return item;
    });
  }

  /** A question about a task or the whole project; its own time goes with it. */
  ask(project: string, task: Task | null, text: string): Promise<Item> {
    return this.queue(project, "question", task, { project, text }, (slice) => slice.kind === "question");
  }

  /** Marks a task without leaving it. */
  flag(task: Task, reason: FlagReason, comment: string): Promise<Item> {
    return this.queue(task.project, "flag", task, { reason, comment }, () => false);
  }

  private queue(
    project: string,
    type: Item["type"],
    task: Task | null,
    body: object,
    slicesOf: (slice: Slice) => boolean,
  ): Promise<Item> {
    const at = this.times.now();
    return this.store.write(["outbox", "slices"], async (tx) => {
      const slices = await takeSlices(tx, (slice) => slice.project === project && slicesOf(slice));
      const lease = task ? { lease: task.lease } : {};
      const item = this.item(project, type, task, slices, at, { ...lease, ...body }, 0);
      await tx.objectStore("outbox").add(item);
      return item;
    });
  }

  /** Time that belongs to no answer (reading, waiting, a task put aside) becomes items of its own. */
  sweep(keep: (slice: Slice) => boolean): Promise<number> {
    const at = this.times.now();
    return this.store.write(["outbox", "slices"], async (tx) => {
      const slices = await takeSlices(tx, (slice) => !keep(slice));
      const projects = [...new Set(slices.map((slice) => slice.project))];
      for (const project of projects) {
        const own = slices.filter((slice) => slice.project === project);
        for (let from = 0; from < own.length; from += MOST_SLICES) {
          const part = own.slice(from, from + MOST_SLICES);
          await tx.objectStore("outbox").add(this.item(project, "time", null, part, at, { project }, 0));
        }
      }
      return slices.length;
    });
  }

  /** Takes Next back: nothing has left the device. The key is never used again. */
  undo(key: string): Promise<Task | null> {
    return this.store.write(SEALING, async (tx) => {
      const item = await tx.objectStore("outbox").index("key").get(key);
      if (item?.state !== "sealed" || item.lease === null || item.n === undefined) return null;
      const task = await tx.objectStore("tasks").get(item.lease);
      if (!task) return null;
      await tx.objectStore("outbox").delete(item.n);
      for (const slice of slicesIn(item)) await tx.objectStore("slices").put(slice);
      const undone: Task = { ...task, state: "draft", changed: this.times.now() };
      await tx.objectStore("tasks").put(undone);
      return undone;
    });
  }

  /** Lets sealed items go: those whose 8 s are over, or all. */
  release(all: boolean): Promise<number> {
    const now = this.times.now();
    return this.store.write(["outbox", "tasks"], async (tx) => {
      const sealed = await tx.objectStore("outbox").index("state").getAll("sealed");
      const due = sealed.filter((item) => all || item.until <= now || item.until > now + HOLD);
      for (const item of due) {
        await tx.objectStore("outbox").put({ ...item, state: "queued" });
        const task = item.lease === null ? undefined : await tx.objectStore("tasks").get(item.lease);
        if (task?.state === "sealed") await tx.objectStore("tasks").put({ ...task, state: "queued" });
      }
      return due.length;
    });
  }

  /** The clock turned out to be wrong in this segment: what was kept in it is moved. */
  shift(by: number, segment: number): Promise<void> {
    return this.store.write(["outbox", "slices", "gaps"], async (tx) => {
      for (const item of await tx.objectStore("outbox").getAll()) {
        if (item.segment !== segment) continue;
        await tx.objectStore("outbox").put({ ...item, shift: item.shift + by, segment: 0 });
      }
      for (const name of ["slices", "gaps"] as const) {
        for (const slice of await tx.objectStore(name).getAll()) {
          if (slice.segment !== segment) continue;
          await tx.objectStore(name).put({ ...slice, started: slice.started + by, segment: 0 });
        }
      }
    });
  }

  private item(
    project: string,
    type: Item["type"],
    task: Task | null,
    slices: readonly Slice[],
    at: number,
    body: object,
    hold: number,
  ): Item {
    const key = newKey();
    const frozen = { type, key, ...body, slices: slices.map(sent) };
    return {
      key,
      type,
      lease: task?.lease ?? null,
      revision: task?.revision ?? 1,
      project,
      state: hold ? "sealed" : "queued",
      body: JSON.stringify(frozen),
      made: at,
      until: at + hold,
      segment: this.times.segment,
      shift: 0,
      ms: slices.reduce((sum, slice) => sum + slice.ms, 0),
    };
  }
}

function partingBody(task: Task, how: Parting, at: number): object {
  if (how.type === "skip") return { lease: task.lease, reason: how.reason, comment: how.comment };
  const draft = draftOf(how.history);
  return {
    lease: task.lease,
    revision: task.revision,
    result: resultOf(how.schema, draft),
    note: noteOf(draft),
    schema_version: task.schema,
    guideline_version: task.guideline,
    answered_at: iso(at),
  };
}

function sent(slice: Slice): SentSlice {
  return { key: slice.key, kind: slice.kind, started_at: iso(slice.started), ms: Math.round(slice.ms) };
}

/** The slices of a frozen item, for when Next is taken back. */
function slicesIn(item: Item): Slice[] {
  const { slices } = JSON.parse(item.body) as { slices: SentSlice[] };
  return slices.map((slice) => ({
    key: slice.key,
    kind: slice.kind,
    lease: item.lease,
    project: item.project,
    started: Date.parse(slice.started_at),
    ms: slice.ms,
    segment: item.segment,
  }));
}

async function takeSlices(tx: Tx, wanted: (slice: Slice) => boolean): Promise<Slice[]> {
  const slices = (await tx.objectStore("slices").getAll()).filter((slice) => wanted(slice) && slice.ms >= 1);
  const taken = slices.sort((a, b) => a.started - b.started).slice(0, MOST_SLICES);
  for (const slice of taken) await tx.objectStore("slices").delete(slice.key);
  return taken;
}

/** An answer to the same task that the server refused: the new one takes its place. */
async function refusedOf(tx: Tx, lease: number): Promise<Item | undefined> {
  const refused = await tx.objectStore("outbox").index("state").getAll("quarantine");
  return refused.find((item) => item.lease === lease);
}
