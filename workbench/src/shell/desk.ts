// Everything that belongs to one account on this device: her database, and what works on it.

import { poster } from "./api";
import { Clock, recovered } from "./clock";
import { mayShow } from "./here";
import { type Command, type Draft, draftOf, type History, linesFor, replay } from "./journal";
import { Leases } from "./leases";
import { isWork, Outbox } from "./outbox";
import { Sender } from "./sender";
import { reached } from "./states";
import { type Gap, type Item, type Receipt, type Slice, Store, type Task } from "./store";
import { device, Times } from "./times";
import { secretOf } from "./token";
import type { Schema } from "./types";

export interface Counts {
  readonly kept: number;
  readonly received: number;
  readonly refused: number;
  /** What the server keeps for a person to look at, and she has not seen that yet. */
  readonly handed: number;
  /** Of these tasks the server has another answer of hers: both are kept, and somebody chooses. */
  readonly twice: number;
  readonly ready: number;
  /** The lease of her last answer in the project that has left, or is about to. */
  readonly last: number | null;
}

/** One of her last answers: `item` while it is on this device, `receipt` once the server has it. */
export interface Given {
  readonly task: Task;
  readonly schema: Schema | null;
  readonly draft: Draft;
  readonly item: Item | undefined;
  readonly receipt: Receipt | undefined;
}

/** An item that did not simply arrive, with its task while that is on this device. */
export interface Aside {
  readonly item: Item;
  readonly task: Task | undefined;
  readonly schema: Schema | null;
}

const GIVEN: ReadonlySet<Task["state"]> = new Set(["sealed", "queued", "acked", "quarantine", "parked"]);

export class Desk {
  /** Over when what a crash left is put right. */
  ready: Promise<void> = Promise.resolve();
  readonly times: Times;
  readonly outbox: Outbox;
  readonly leases: Leases;
  readonly sender: Sender;
  readonly clock: Clock;

  private constructor(
    readonly store: Store,
    skew: { skew: number; segment: number } | undefined,
    ask: (gap: Gap) => void,
  ) {
    this.times = new Times(device, skew?.skew ?? 0, (skew?.segment ?? 0) + 1);
    this.outbox = new Outbox(store, this.times);
    const learn = (serverTime: string, began: number) => this.learn(serverTime, began);
    this.leases = new Leases(store, this.times, learn);
    const post = poster(secretOf(store), () => mayShow(store.account));
    const shift = (by: number, segment: number) => this.shift(by, segment);
    this.sender = new Sender(store, this.times, post, Math.random, shift);
    const keeper = {
      slice: (slice: Slice) => this.keepSlice(slice),
      gap: (gap: Gap) => this.keepGap(gap),
    };
    this.clock = new Clock(this.times, keeper, ask);
  }

  /** Opens her database; what a crash left is put right while she looks at her task. */
  static async open(account: string, ask: (gap: Gap) => void): Promise<Desk> {
    const store = new Store(account);
    const desk = new Desk(store, await store.value("skew"), ask);
    desk.ready = desk.putRight().catch(() => undefined);
    return desk;
  }

  /** Sealed answers go out, slices end at their last mark. */
  private async putRight(): Promise<void> {
    await this.rememberSkew();
    await this.outbox.release(true);
    await this.recover();
  }

  private async recover(): Promise<void> {
    const slices = await this.store.read((db) => db.getAll("slices"));
    const left = slices.filter((slice) => slice.hidden !== undefined);
    if (!left.length) return;
    await this.store.write(["slices"], async (tx) => {
      for (const slice of left) await tx.objectStore("slices").put(recovered(slice, this.times.now()));
    });
  }

  /** The server's time came with an answer: what was kept under a wrong clock is moved. */
  async learn(serverTime: string, began: number): Promise<void> {
    const segment = this.times.segment;
    const by = this.times.learn(Date.parse(serverTime), this.times.mono() - began);
    if (by) await this.shift(by, segment);
  }

  private async shift(by: number, segment: number): Promise<void> {
    this.clock.moved(by);
    await this.outbox.shift(by, segment);
    await this.rememberSkew();
  }

  private rememberSkew(): Promise<void> {
    return this.store.setValue("skew", { skew: this.times.skew, segment: this.times.segment });
  }

  private keepSlice(slice: Slice): Promise<void> {
    return this.store.write(
      ["slices"],
      (tx) =>
        tx
          .objectStore("slices")
          .put(slice)
          .then(() => undefined),
      false,
    );
  }

  private keepGap(gap: Gap): Promise<void> {
    return this.store.write(
      ["gaps"],
      (tx) =>
        tx
          .objectStore("gaps")
          .put(gap)
          .then(() => undefined),
      false,
    );
  }

  // -- the draft of one task ---------------------------------------------------------------------

  async history(lease: number): Promise<{ history: History; seq: number }> {
    const lines = IDBKeyRange.bound([lease, 0], [lease, Number.MAX_SAFE_INTEGER]);
    return replay(await this.store.read((db) => db.getAll("journal", lines)));
  }

  /** One command: a line of the journal, and the task is hers from here on. Snapshots are on the disk. */
  async write(
    task: Task,
    seq: number,
    command: Command,
    history: History,
    gap: boolean,
  ): Promise<{ task: Task; seq: number }> {
    const lines = linesFor(task.lease, seq, command, history, gap);
    const begun: Task = { ...task, state: reached(task.state, "input") ?? task.state };
    await this.store.write(
      ["journal", "tasks"],
      async (tx) => {
        for (const line of lines) await tx.objectStore("journal").put(line);
        if (begun.state !== task.state) await tx.objectStore("tasks").put(begun);
      },
      lines.length > 1,
    );
    return { task: begun, seq: seq + lines.length };
  }

  /** The whole history as one line, where a full phone left lines out. */
  async catchUp(lease: number, seq: number, history: History): Promise<void> {
    const line = { lease, seq: seq + 1, snapshot: history };
    await this.store.write(["journal"], (tx) => tx.objectStore("journal").put(line));
  }

  /** A window that is left or hidden: everything before it is on the disk when this is over. */
  flush(): Promise<void> {
    return this.store.setValue("flushed", this.times.now(), true);
  }

  /** Moves a task to another state, when that can be done from where it is. */
  async move(lease: number, how: "park" | "resume" | "revoke"): Promise<Task | null> {
    return this.store.write(["tasks"], async (tx) => {
      const task = await tx.objectStore("tasks").get(lease);
      const state = task ? reached(task.state, how) : null;
      if (!task || !state) return null;
      const moved = { ...task, state, changed: this.times.now() };
      await tx.objectStore("tasks").put(moved);
      return moved;
    });
  }

  /** What was refused, and what a person will look at, of all projects: oldest first. */
  async aside(): Promise<Aside[]> {
    const items = await this.store.read((db) => db.getAll("outbox"));
    const aside = items.filter((item) => item.state === "quarantine" || item.state === "handed");
    return Promise.all(
      aside.map(async (item) => {
        const task =
          item.lease === null ? undefined : await this.store.read((db) => db.get("tasks", item.lease ?? 0));
        return { item, task, schema: task ? await this.leases.schema(task) : null };
      }),
    );
  }

  /** Opens an answer again: a refused one as it was, one that was kept or received as its next revision. */
  async correct(lease: number): Promise<Task | null> {
    const { seq } = await this.history(lease);
    return this.store.write(["tasks"], async (tx) => {
      const task = await tx.objectStore("tasks").get(lease);
      if (!task || !reached(task.state, "correct")) return null;
      const revision = task.state === "quarantine" ? task.revision : task.revision + 1;
      const opened: Task = { ...task, state: "draft", revision, opened: seq, changed: this.times.now() };
      await tx.objectStore("tasks").put(opened);
      return opened;
    });
  }

  /** She opened an answer and leaves it as it was: no revision comes of it, only the time that it took. */
  async leaveAsItWas(lease: number): Promise<void> {
    await this.store.write(["tasks", "journal", "outbox"], async (tx) => {
      const task = await tx.objectStore("tasks").get(lease);
      if (task?.state !== "draft" || task.opened === undefined) return;
      const lines = IDBKeyRange.bound([lease, task.opened + 1], [lease, Number.MAX_SAFE_INTEGER]);
      await tx.objectStore("journal").delete(lines);
      const items = (await tx.objectStore("outbox").getAll()).filter(
        (one) => one.lease === lease && isWork(one),
      );
      const { opened: _opened, ...closed } = task;
      const refused = items.some((one) => one.state === "quarantine");
      const sent = items.some((one) => one.state === "queued") ? "queued" : "acked";
      await tx.objectStore("tasks").put({
        ...closed,
        state: refused ? "quarantine" : sent,
        revision: refused ? task.revision : task.revision - 1,
      });
    });
  }

  // -- what the screen says ----------------------------------------------------------------------

  async counts(project: string): Promise<Counts> {
    const [items, receipts, tasks] = await Promise.all([
      this.store.read((db) => db.getAll("outbox")),
      this.receipts(),
      this.leases.tasks(project),
    ]);
    const work = items.filter(isWork);
    const answers = new Set(
      [...items, ...receipts].flatMap((one) => (one.type === "answer" ? one.lease : [])),
    );
    const gone = tasks.filter(
      ({ state, lease }) => (state === "queued" || state === "acked") && answers.has(lease),
    );
    return {
      last: gone.sort((a, b) => b.changed - a.changed)[0]?.lease ?? null,
      kept: work.filter((item) => item.state === "sealed" || item.state === "queued").length,
      refused: items.filter((item) => item.state === "quarantine").length,
      handed: items.filter((item) => item.state === "handed" && item.status !== "two_answers").length,
      twice: items.filter((item) => item.status === "two_answers").length,
      received: receipts.filter((one) => isWork(one) && sameDay(one.at, this.times.now())).length,
      ready: tasks.filter((task) => task.state === "ready").length,
    };
  }

  receipts(): Promise<Receipt[]> {
    return this.store.read((db) => db.getAll("receipts"));
  }

  /** Her last answers in a project and what she put aside, newest first, each with where it is now. */
  async given(project: string, most: number): Promise<Given[]> {
    const [tasks, items, receipts] = await Promise.all([
      this.leases.tasks(project),
      this.store.read((db) => db.getAll("outbox")),
      this.receipts(),
    ]);
    const last = <T extends { lease: number | null }>(all: readonly T[], lease: number) =>
      [...all].reverse().find((one) => one.lease === lease);
    const sorted = [...receipts].sort((a, b) => a.at - b.at);
    const shown = tasks
      .filter((task) => GIVEN.has(task.state))
      .sort((a, b) => b.changed - a.changed)
      .slice(0, most);
    return Promise.all(
      shown.map(async (task) => ({
        task,
        schema: await this.leases.schema(task),
        draft: draftOf((await this.history(task.lease)).history),
        item: last(items, task.lease),
        receipt: last(sorted, task.lease),
      })),
    );
  }

  /** Time on the device that the server's figure, of `since`, can't have in it yet. */
  async unsaidMs(since: number): Promise<number> {
    const [items, slices, receipts] = await Promise.all([
      this.store.read((db) => db.getAll("outbox")),
      this.store.read((db) => db.getAll("slices")),
      this.receipts(),
    ]);
    const today = (at: number) => sameDay(at, this.times.now());
    const sum = (all: number[]) => all.reduce((whole, ms) => whole + ms, 0);
    return (
      sum(items.filter((item) => item.state !== "handed" && today(item.made)).map((item) => item.ms)) +
      sum(slices.filter((slice) => today(slice.started)).map((slice) => slice.ms)) +
      sum(receipts.filter((one) => one.at > since).map((one) => one.ms))
    );
  }

  /** The number and the bytes of what is not sent. */
  async unsent(): Promise<{ answers: number; items: number; bytes: number }> {
    const items = (await this.store.read((db) => db.getAll("outbox"))).filter(
      (one) => one.state === "sealed" || one.state === "queued",
    );
    const bytes = items.reduce((sum, item) => sum + item.body.length, 0);
    return { answers: items.filter(isWork).length, items: items.length, bytes };
  }

  close(): void {
    this.store.close();
  }
}

function sameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}
