// Everything that is to be sent, kept on the disk before anything is sent.

import { clean, noteOf, resultOf } from "./answers";
import { newKey } from "./ids";
import { draftOf, type History } from "./journal";
import { keepTimeOf, sent, takeSlices } from "./slices";
import { reached } from "./states";
import type { Item, Name, Slice, Store, Task, Tx } from "./store";
import { iso, type Times } from "./times";
import type { FlagReason, Schema, SkipReason } from "./types";

/** For so long, Next can be taken back before the answer leaves the device. */
export const HOLD = 8_000;

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
      await replaceRefused(tx, task.lease);
      const slices = await takeSlices(tx, (slice) => slice.lease === task.lease);
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
    return this.queue(
      project,
      "question",
      task,
      { project, text: clean(text) },
      (slice) => slice.kind === "question",
    );
  }

  /** Marks a task without leaving it. */
  flag(task: Task, reason: FlagReason, comment: string): Promise<Item> {
    return this.queue(task.project, "flag", task, { reason, comment: clean(comment) }, () => false);
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
      const wanted = (await tx.objectStore("slices").getAll()).filter((slice) => !keep(slice));
      let swept = 0;
      for (const project of new Set(wanted.map((slice) => slice.project))) {
        for (;;) {
          const own = await takeSlices(tx, (slice) => slice.project === project && !keep(slice));
          if (own.length === 0) break;
          await tx.objectStore("outbox").add(this.item(project, "time", null, own, at, { project }, 0));
          swept += own.length;
        }
      }
      return swept;
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
      await keepTimeOf(tx, item);
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

  /** She says that what was refused shall be tried again as it is. */
  async retry(key: string): Promise<void> {
    await this.store.write(["outbox", "tasks"], async (tx) => {
      const item = await tx.objectStore("outbox").index("key").get(key);
      if (item?.state !== "quarantine") return;
      const { status: _status, why: _why, ...again } = item;
      await tx.objectStore("outbox").put({ ...again, state: "queued" });
      const task = item.lease === null ? undefined : await tx.objectStore("tasks").get(item.lease);
      const state = task && isWork(item) ? reached(task.state, "retry") : null;
      if (task && state) await tx.objectStore("tasks").put({ ...task, state });
    });
  }

  /** She has seen that a person will look at it: the server has it, and its receipt stays here. */
  async seen(key: string): Promise<void> {
    await this.store.write(["outbox"], async (tx) => {
      const item = await tx.objectStore("outbox").index("key").get(key);
      if (item?.state === "handed" && item.n !== undefined) await tx.objectStore("outbox").delete(item.n);
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
  if (how.type === "skip") return { lease: task.lease, reason: how.reason, comment: clean(how.comment) };
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

/** Answers to the same task that the server refused: the new one takes their place, and their time goes with it. */
async function replaceRefused(tx: Tx, lease: number): Promise<void> {
  const refused = await tx.objectStore("outbox").index("state").getAll("quarantine");
  for (const item of refused) {
    if (item.lease !== lease || !isWork(item) || item.n === undefined) continue;
    await keepTimeOf(tx, item);
    await tx.objectStore("outbox").delete(item.n);
  }
}

/** An item that is what became of a task. */
export function isWork(one: { readonly type: Item["type"] }): boolean {
  return one.type === "answer" || one.type === "skip";
}
