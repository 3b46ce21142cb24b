// The bench itself: which task is open, what Next does, what comes after it.

import { prepare } from "../modalities/tool";
import { missing } from "./answers";
import * as api from "./api";
import { Begun } from "./begun";
import { Desk } from "./desk";
import { Entering } from "./entering";
import { mayShow } from "./here";
import { known, language, speak, t } from "./i18n";
import { pause } from "./ids";
import { EMPTY } from "./journal";
import { ask, type Early, LOW } from "./leases";
import { Locks } from "./locks";
import { HOLD, type Parting } from "./outbox";
import { People } from "./people";
import type { Empty } from "./screen";
import * as screen from "./screen";
import { touched } from "./states";
import { type Gap, type Item, type KeptPack, StorageFailed, type Task } from "./store";
import { Traffic } from "./traffic";
import type { FlagReason, Pack, SkipReason } from "./types";

const AFTER_PAINT = 400;
/** So long a sign-out waits for what is on its way. */
const LAST_WORDS = 4_000;
const LOOK_AGAIN = 1_000;

export class Bench {
  readonly people = new People();
  readonly traffic: Traffic;
  readonly entering = new Entering(() => this.desk);
  readonly begun = new Begun(() => this.desk?.store);
  private readonly locks = new Locks(() => this.lost());
  private desk: Desk | null = null;
  private project: string | null;
  private readonly choosing: boolean;
  private fetching: Promise<"more" | Empty> | null = null;
  private early: Early | null = null;
  private busy = false;
  /** When it was last looked at whose browser this is. */
  private looked = 0;

  constructor(address: URL) {
    this.project = address.searchParams.get("project");
    this.choosing = address.searchParams.has("choose");
    this.traffic = new Traffic(this.people, {
      changed: () => this.refreshCounts(),
      received: () => this.afterReceipt(),
      signedOut: () => this.lock("ended"),
    });
  }

  // -- opening -----------------------------------------------------------------------------------

  /** From the device first: a task is on the screen before the network has said anything. */
  async start(): Promise<void> {
    const began = performance.timeOrigin;
    // Asked for at once: while the device's database opens, the answer is on its way.
    const asked = performance.now();
    const early = this.project ? api.pack(this.project) : null;
    early?.catch(() => undefined);
    const current = await this.shown();
    // A phone that holds nothing yet takes its first tasks at the same time.
    if (!current && this.project) this.early = ask(this.project, performance.now());
    if (current) {
      await this.sit(current.id);
      if (known(current.language)) speak(known(current.language) ?? "en");
      if (!this.choosing) this.project ??= (await this.desk?.store.value("last"))?.project ?? null;
      if (this.project && (await this.showKept(this.project))) await this.advance();
    }
    await this.refresh(began, early ? { asked, said: early } : undefined);
    void this.traffic.run();
  }

  /** Whose work may be shown: nobody's after a sign-out on this phone, also when that was on another page. */
  private async shown(): Promise<{ id: string; language: string } | null> {
    const current = await this.people.current();
    if (!current || mayShow(current.id)) return current;
    if (known(current.language)) speak(known(current.language) ?? "en");
    await this.lock("ended");
    return null;
  }

  /** Sits down at the desk of an account. */
  private async sit(account: string): Promise<Desk> {
    if (this.desk?.store.account === account) return this.desk;
    this.entering.commitTyped();
    await this.entering.written();
    await this.desk?.clock.turnTo(null);
    this.desk?.close();
    this.locks.release();
    screen.blank();
    const desk = await Desk.open(account, (gap) => this.noteGap(gap));
    desk.store.onTrouble = (kind) => {
      if (screen.trouble.value !== "failed") screen.trouble.value = kind;
    };
    this.desk = desk;
    this.traffic.desk = desk;
    void this.loadSettings(desk);
    return desk;
  }

  private async loadSettings(desk: Desk): Promise<void> {
    const settings = (await desk.store.value("settings")) ?? {};
    if (typeof settings.keys === "boolean") screen.keysOn.value = settings.keys;
    if (typeof settings.clock === "boolean") screen.clockShown.value = settings.clock;
    screen.gaps.value = await desk.store.read((db) => db.getAll("gaps"));
    await this.begun.load();
  }

  private async showKept(project: string): Promise<KeptPack | null> {
    const kept = (await this.desk?.leases.pack(project)) ?? null;
    screen.pack.value = kept;
    if (kept) void this.refreshCounts();
    return kept;
  }

  /** Asks the server what is new: the pack, the day, more work. Without a link, the device's own must do. */
  async refresh(began?: number, early?: { asked: number; said: Promise<Pack> }): Promise<void> {
    if (!this.project) return this.choose();
    const project = this.project;
    const { asked, said } = early ?? { asked: performance.now(), said: api.pack(project) };
    try {
      const pack = await said;
      screen.link.value = "here";
      await this.arrived(pack, asked);
      if (began !== undefined) await this.waited(project, began);
      const name = screen.view.value.name;
      const wanted = name === "opening" || name === "empty" || (this.untouched() && screen.unread.value);
      if (wanted) await this.advance();
      // While she reads the guideline, her first tasks come.
      if (screen.view.value.name !== "empty") await this.fetchMore();
      await this.desk?.leases.lapse();
    } catch (error) {
      await this.unreached(error);
    }
  }

  private async arrived(said: Pack, asked: number): Promise<void> {
    const before = this.desk?.store.account;
    void prepare(said.schema.body);
    const desk = await this.sit(said.account);
    await desk.learn(said.server_time, asked);
    const chosen = (await this.people.current())?.language;
    const spoken = before === said.account && chosen ? chosen : said.language;
    await this.people.enter(said.account, spoken);
    const name = known(spoken);
    if (name) speak(name);
    if (before !== said.account) screen.view.value = { name: "opening" };
    screen.pack.value = await desk.leases.keepPack(said);
    await desk.store.setValue("last", { project: said.project.id });
    await this.refreshCounts();
  }

  /** The time until now was spent waiting for us. */
  private async waited(project: string, since: number): Promise<void> {
    const ms = performance.timeOrigin + performance.now() - since;
    if (screen.view.value.name !== "opening" || !this.desk) return;
    await this.desk.clock.waited(project, this.desk.times.now() - ms, ms);
  }

  private async unreached(error: unknown): Promise<void> {
    const refused = error instanceof api.Refused ? error : null;
    screen.link.value = refused ? "here" : "gone";
    if (error instanceof StorageFailed) return;
    if (ended(error) && this.desk) return this.lock("ended");
    const name = screen.view.value.name;
    if (name !== "opening" && name !== "empty") return;
    if (screen.pack.value) return this.empty(refused ? "paused" : "offline");
    if (await this.people.left()) screen.view.value = { name: "locked", why: "ended" };
    else screen.view.value = { name: ended(error) ? "signed_out" : "unreachable" };
  }

  /** No project was named: what is on offer, and what is on the device. */
  private async choose(): Promise<void> {
    if (this.desk) {
      const desk = this.desk;
      const kept = await desk.leases.packs();
      const ready = async (one: KeptPack) => (await desk.counts(one.project.id)).ready;
      screen.packs.value = await Promise.all(kept.map(async (one) => ({ ...one, ready: await ready(one) })));
    }
    try {
      screen.offers.value = await api.offers();
      screen.view.value = { name: "choose" };
    } catch (error) {
      if (screen.packs.value.length && !ended(error)) screen.view.value = { name: "choose" };
      else await this.unreached(error);
    }
  }

  async take(project: string): Promise<void> {
    this.project = project;
    window.history.replaceState(null, "", `?project=${project}`);
    screen.view.value = { name: "opening" };
    const began = performance.timeOrigin + performance.now();
    if (await this.showKept(project)) await this.advance();
    await this.refresh(began);
  }

  // -- one task after the other ------------------------------------------------------------------

  /** The next task, or the guideline before it, or why there is none. */
  async advance(): Promise<void> {
    const desk = this.desk;
    const pack = screen.pack.value;
    if (!desk || !pack) return;
    if (screen.unread.value) {
      await this.put(null);
      await desk.clock.turnTo({ kind: "reading", project: pack.project.id, lease: null });
      screen.view.value = { name: "guideline" };
      return;
    }
    const task = await desk.leases.next(pack.project.id);
    if (task) await this.show(task);
    else await this.ask();
  }

  /** Nothing is left on the device: asks for more while she looks, and counts the wait. */
  private async ask(): Promise<void> {
    const project = this.project;
    if (!project || !this.desk) return;
    await this.put(null);
    this.empty("asking");
    const began = performance.timeOrigin + performance.now();
    const got = await this.fetchMore();
    const ms = performance.timeOrigin + performance.now() - began;
    if (!this.desk) return;
    if (got !== "offline") await this.desk.clock.waited(project, this.desk.times.now() - ms, ms);
    const task = await this.desk.leases.next(project);
    if (task && screen.view.value.name === "empty") await this.show(task);
    else if (!task) this.empty(got === "more" ? "done" : got);
  }

  private empty(why: Empty): void {
    screen.open.value = null;
    screen.view.value = { name: "empty", why };
  }

  /** Opens a task in this window, unless it is open in another one. */
  async show(task: Task, correction = false): Promise<void> {
    const desk = this.desk;
    if (!desk) return;
    const name = `task:${task.lease}`;
    if (!(await this.locks.hold(name))) {
      await desk.clock.turnTo(null);
      screen.view.value = { name: "elsewhere", lock: name };
      return;
    }
    await this.put(task, correction || task.revision > 1 || task.why !== undefined);
  }

  /** «Go on here»: the other window saves what it has and lets go. */
  async takeOver(lock: string): Promise<void> {
    await this.locks.take(lock);
    const lease = Number(lock.split(":")[1]);
    const task = await this.desk?.store.read((db) => db.get("tasks", lease));
    if (task) await this.put(task, task.revision > 1);
    else await this.advance();
  }

  private async put(task: Task | null, correction = false): Promise<void> {
    const desk = this.desk;
    if (!desk) return;
    this.entering.commitTyped();
    await this.entering.written();
    if (!task) {
      this.locks.release();
      await desk.clock.turnTo(null);
      screen.open.value = null;
      return;
    }
    const [{ history, seq }, schema] = await Promise.all([
      desk.history(task.lease),
      desk.leases.schema(task),
    ]);
    if (!schema) {
      // Work of a version that is not here yet: the pack brings it.
      await desk.leases.keepPack(await api.pack(task.project));
      return this.put(task, correction);
    }
    const parked = task.state === "parked" ? ((await desk.move(task.lease, "resume")) ?? task) : task;
    await prepare(schema);
    if (this.desk !== desk) return;
    screen.wanting.value = null;
    this.entering.begin(seq);
    screen.history.value = history;
    screen.open.value = { task: parked, schema, correction };
    screen.view.value = { name: "task" };
    await desk.clock.turnTo({ kind: correction ? "redo" : "task", project: task.project, lease: task.lease });
  }

  private untouched(): boolean {
    return !touched(screen.open.value?.task.state ?? "draft") && screen.typed.value === null;
  }

  // -- entering ----------------------------------------------------------------------------------

  /** The last change, without limit; before any change, the Next before it; and when that has left, it is corrected. */
  async undo(): Promise<void> {
    this.entering.commitTyped();
    const what = screen.undoes.value;
    if (what === "change") this.entering.command({ op: "undo" });
    else if (what === "next") await this.undoNext();
    else if (what === "answer" && screen.last.value !== null) await this.reopen(screen.last.value);
  }

  redo(): void {
    this.entering.commitTyped();
    this.entering.command({ op: "redo" });
  }

  /** The first question that still wants an answer; none: Next may go. */
  unanswered() {
    const open = screen.open.value;
    return open ? missing(open.schema, screen.draft.value)[0] : undefined;
  }

  picture(task: Task): Promise<Blob | null> {
    return this.desk?.leases.picture(task) ?? Promise.resolve(null);
  }

  // -- done with a task --------------------------------------------------------------------------

  async next(): Promise<void> {
    this.entering.commitTyped();
    const open = screen.open.value;
    if (!open || this.unanswered()) return;
    await this.part({ type: "answer", history: screen.history.value, schema: open.schema });
  }

  async skip(reason: SkipReason, comment: string): Promise<void> {
    this.entering.commitTyped();
    await this.part({ type: "skip", reason, comment });
  }

  private async part(how: Parting): Promise<void> {
    if (!(await this.hers())) return;
    const open = screen.open.value;
    const desk = this.desk;
    const pack = screen.pack.value;
    if (!open || !desk || !pack || this.busy) return;
    this.busy = true;
    try {
      await this.entering.written();
      await desk.clock.turnTo(null);
      const { why: _why, opened: _opened, ...now } = screen.open.value?.task ?? open.task;
      // The guideline that she has read is the one that she answers under.
      const task: Task = { ...now, guideline: Math.max(pack.read, 1) };
      await this.entering.catchUp(task);
      const item = await desk.outbox.seal(task, how);
      // It is there already; a menu opened this instant must not say that everything is sent.
      screen.counts.value = { ...screen.counts.value, kept: screen.counts.value.kept + 1 };
      screen.held.value = { key: item.key, lease: task.lease, skipped: how.type === "skip" };
      screen.say(`✓ ${how.type === "skip" ? t().skipped : t().kept}`);
      this.lastGuard();
      this.letGoLater(item.key);
      void this.begun.over(["ask", "skip", "flag"], task.lease).catch(() => undefined);
      await this.advance();
      // The screen first; then the figures, and more work.
      setTimeout(() => void this.refreshCounts().then(() => this.fetchMore()), AFTER_PAINT);
    } catch (error) {
      if (!(error instanceof StorageFailed)) throw error;
      await desk.clock.turnTo({ kind: "task", project: open.task.project, lease: open.task.lease });
    } finally {
      this.busy = false;
    }
  }

  /** A write went through: the phone can save again. */
  private lastGuard(): void {
    if (screen.trouble.value === "failed") screen.trouble.value = null;
  }

  private letGoLater(key: string): void {
    void pause(HOLD).then(async () => {
      if (screen.held.value?.key === key) screen.held.value = null;
      await this.desk?.outbox.release(false);
      await this.traffic.run();
    });
  }

  async undoNext(): Promise<void> {
    const held = screen.held.value;
    const desk = this.desk;
    if (!held || !desk || this.busy) return;
    this.busy = true;
    try {
      this.entering.commitTyped();
      await this.entering.written();
      await desk.clock.turnTo(null);
      const task = await desk.outbox.undo(held.key);
      screen.held.value = null;
      if (task) {
        await this.show(task);
        screen.say(t().undone);
      } else await this.reopen(held.lease);
    } finally {
      this.busy = false;
    }
    void this.refreshCounts();
  }

  /** Opens an earlier answer, of another project too: the one on the screen stays a draft. */
  async reopen(lease: number): Promise<void> {
    const desk = this.desk;
    if (!desk) return;
    const other = (await desk.store.read((db) => db.get("tasks", lease)))?.project;
    if (other && other !== this.project) await this.take(other);
    await desk.outbox.release(true);
    screen.held.value = null;
    const corrected = await desk.correct(lease);
    if (corrected) return this.show(corrected, true);
    const parked = await desk.store.read((db) => db.get("tasks", lease));
    if (parked?.state === "parked") await this.show(parked);
  }

  /** She opened an earlier answer, by mistake perhaps, and goes on with her work. */
  async leaveAsItWas(): Promise<void> {
    const open = screen.open.value;
    const desk = this.desk;
    if (!open || !desk || this.busy) return;
    await this.put(null);
    await desk.leaveAsItWas(open.task.lease);
    await this.advance();
    await this.refreshCounts();
  }

  /** What was refused goes once more, because she says so. */
  async retry(item: Item): Promise<void> {
    await this.desk?.outbox.retry(item.key);
    await this.sendNow();
    await this.refreshCounts();
  }

  /** She knows that a person will look at it. */
  async seen(item: Item): Promise<void> {
    await this.desk?.outbox.seen(item.key);
    await this.refreshCounts();
  }

  /** Tells the coordinator of what was refused, in the name of who sent it. */
  async tell(item: Item, text: string): Promise<void> {
    await this.desk?.outbox.ask(item.project, null, text);
    screen.say(t().asked);
    void this.traffic.run();
  }

  async flag(reason: FlagReason, comment: string): Promise<void> {
    const open = screen.open.value;
    if (!open || !this.desk) return;
    await this.desk.outbox.flag(open.task, reason, comment);
    await this.begun.over(["flag"], open.task.lease);
    screen.say(t().flagged);
    void this.traffic.run();
  }

  /** The question's own time begins when its window opens. */
  async askBegins(): Promise<void> {
    const open = screen.open.value;
    const project = this.project;
    if (project)
      await this.desk?.clock.turnTo({ kind: "question", project, lease: open?.task.lease ?? null });
  }

  async askEnds(text: string | null, aside: boolean): Promise<void> {
    const open = screen.open.value;
    const desk = this.desk;
    if (!desk || !this.project) return;
    await desk.clock.turnTo(open ? { kind: "task", project: this.project, lease: open.task.lease } : null);
    if (text === null) return;
    await desk.outbox.ask(this.project, open?.task ?? null, text);
    await this.begun.over(["ask"], open?.task.lease ?? null);
    screen.say(aside ? t().put : t().asked);
    if (aside && open) {
      await this.entering.written();
      await desk.move(open.task.lease, "park");
      await this.advance();
    }
    void this.traffic.run();
  }

  /** The guideline is one tap away, and reading it counts as reading. */
  async reading(begins: boolean): Promise<void> {
    const open = screen.open.value;
    if (!this.project) return;
    const back = open ? ({ kind: "task", project: this.project, lease: open.task.lease } as const) : null;
    await this.desk?.clock.turnTo(begins ? { kind: "reading", project: this.project, lease: null } : back);
  }

  async acknowledge(): Promise<void> {
    const pack = screen.pack.value;
    if (!pack || !this.desk) return;
    await this.desk.leases.acknowledge(pack.project.id, pack.guideline.version);
    screen.pack.value = { ...pack, read: pack.guideline.version };
    if (screen.view.value.name === "guideline") await this.advance();
  }

  // -- gaps --------------------------------------------------------------------------------------

  private noteGap(gap: Gap): void {
    screen.gaps.value = [...screen.gaps.value.filter((one) => one.key !== gap.key), gap];
  }

  /** «I was working on it» makes the gap paid time, «I was away» closes it. */
  async settleGap(gap: Gap, working: boolean): Promise<void> {
    const desk = this.desk;
    if (!desk) return;
    screen.gaps.value = screen.gaps.value.filter((one) => one.key !== gap.key);
    await desk.store.write(["gaps", "slices"], async (tx) => {
      await tx.objectStore("gaps").delete(gap.key);
      if (working) await tx.objectStore("slices").put(gap);
    });
    await this.refreshCounts();
  }

  // -- around it ---------------------------------------------------------------------------------

  /** More work before it runs out, and its pictures ahead. */
  fetchMore(): Promise<"more" | Empty> {
    this.fetching ??= this.more().finally(() => {
      this.fetching = null;
    });
    return this.fetching;
  }

  private async more(): Promise<"more" | Empty> {
    const desk = this.desk;
    const project = this.project;
    if (!desk || !project) return "done";
    try {
      const left = (await desk.leases.tasks(project)).filter(
        (task) => task.state === "ready" || task.state === "leased",
      );
      const early = this.early;
      this.early = null;
      const full = left.length < LOW && (await desk.leases.fetch(project, early)).full;
      if (full && left.length === 0) return "full";
      screen.link.value = "here";
      // The first task need not wait for the pictures of those behind it.
      void desk.leases
        .fetchAhead(project, sparing())
        .then(() => this.refreshCounts())
        .catch(() => undefined);
      return "more";
    } catch (error) {
      return this.whyNot(error);
    }
  }

  private whyNot(error: unknown): Empty {
    if (error instanceof StorageFailed) return "full";
    const refused = error instanceof api.Refused ? error : null;
    if (!refused) screen.link.value = "gone";
    if (ended(error)) void this.lock("ended");
    return refused ? (refused.code === "work.not_offered" ? "paused" : "done") : "offline";
  }

  async refreshCounts(): Promise<void> {
    const desk = this.desk;
    const pack = screen.pack.value;
    if (!desk || !pack) return;
    const { last, ...counts } = await desk.counts(pack.project.id);
    if (this.desk !== desk) return;
    screen.counts.value = counts;
    screen.last.value = last;
    const said = sameDate(pack.today.day, desk.times.now()) ? pack.today.counted_ms : 0;
    screen.todayMs.value = said + (await desk.unsaidMs(pack.fetched));
  }

  /** After a receipt: pictures that nobody needs go, and the server says what her day comes to. */
  private async afterReceipt(): Promise<void> {
    const desk = this.desk;
    const pack = screen.pack.value;
    if (!desk || !pack || !(await this.hers())) return;
    await desk.leases.dropPictures();
    try {
      const today = await api.today();
      const kept = await desk.leases.keepPack({ ...(screen.pack.value ?? pack), today });
      if (this.desk === desk) screen.pack.value = kept;
    } catch (error) {
      // Without a link the figure of before stays on the screen.
      if (ended(error)) return this.lock("ended");
    }
    await this.refreshCounts();
  }

  /** A tick of ten seconds: what the clock has is kept. */
  async tick(): Promise<void> {
    if (!(await this.hers())) return;
    await this.desk?.clock.tick();
    await this.refreshCounts();
  }

  activity(): void {
    const now = performance.now();
    if (now - this.looked > LOOK_AGAIN) {
      this.looked = now;
      void this.hers();
    }
    this.desk?.clock.activity();
  }

  lookOutside(): void {
    this.desk?.clock.lookOutside();
    screen.say(t().outsideSaid);
  }

  /** The page may be thrown away after this, without another word. */
  async hidden(): Promise<void> {
    this.entering.commitTyped();
    const begun = this.begun.keep();
    await this.desk?.clock.hidden();
    await this.entering.written();
    await begun;
    await this.desk?.flush();
    await this.desk?.outbox.release(true);
    screen.held.value = null;
    void this.traffic.run();
  }

  async visible(): Promise<void> {
    await this.hers();
    await this.desk?.clock.visible();
    this.traffic.hurry();
    await this.refresh();
    void this.traffic.run();
  }

  /** Another window goes on with the task. */
  private async lost(): Promise<void> {
    this.entering.commitTyped();
    const open = screen.open.value;
    await this.entering.written();
    await this.desk?.clock.turnTo(null);
    await this.desk?.flush();
    screen.open.value = null;
    screen.history.value = EMPTY;
    if (open) screen.view.value = { name: "elsewhere", lock: `task:${open.task.lease}` };
  }

  async setting(name: "keys" | "clock" | "language", value: string | boolean): Promise<void> {
    const desk = this.desk;
    if (name === "keys") screen.keysOn.value = Boolean(value);
    if (name === "clock") screen.clockShown.value = Boolean(value);
    if (name === "language") {
      speak(known(String(value)) ?? "en");
      if (desk) await this.people.speak(desk.store.account, language.value);
      return;
    }
    if (desk)
      await desk.store.setValue("settings", { ...(await desk.store.value("settings")), [name]: value });
  }

  /** Everything that is kept goes now; the wait for another try is over. */
  async sendNow(): Promise<void> {
    await this.desk?.outbox.release(true);
    screen.held.value = null;
    this.traffic.hurry();
    await this.traffic.run();
    screen.say(screen.counts.value.kept === 0 ? t().sentAll : t().sendLater(0));
  }

  /** «Try again», on a page with nothing to do. */
  async again(): Promise<void> {
    const began = performance.timeOrigin + performance.now();
    if (screen.view.value.name !== "empty") screen.view.value = { name: "opening" };
    this.traffic.hurry();
    await this.refresh(began);
    void this.traffic.run();
  }

  /** Signs out: what is on the phone may still go, then nothing is shown, whatever the server says. */
  async leave(): Promise<void> {
    await this.hidden();
    await this.lock("leaving");
    await Promise.race([this.traffic.run(), pause(LAST_WORDS)]);
    if (await api.signOut()) return location.assign("/");
    screen.view.value = { name: "locked", why: "left" };
  }

  /** Whether this window may still show and take: not after a sign-out anywhere in this browser. */
  private async hers(): Promise<boolean> {
    const account = this.desk?.store.account;
    if (account === undefined || mayShow(account)) return true;
    await this.lock("ended");
    return false;
  }

  /** Nothing is shown or taken from here on; nothing is wiped, and what was given before goes on its way. */
  private async lock(why: "leaving" | "ended"): Promise<void> {
    const desk = this.desk;
    this.entering.commitTyped();
    screen.view.value = { name: "locked", why };
    await this.people.leave();
    await this.entering.written();
    screen.open.value = null;
    await desk?.clock.turnTo(null);
    await desk?.outbox.release(true);
    if (desk) await this.traffic.gather(desk, true);
    this.locks.release();
    if (this.desk === desk) this.desk = this.traffic.desk = null;
    screen.blank();
    desk?.close();
    void this.traffic.run();
  }

  get account(): Desk | null {
    return this.desk;
  }
}

/** The server knows her session no more. */
function ended(error: unknown): boolean {
  return error instanceof api.Refused && error.status === 401;
}

function sparing(): boolean {
  const network = (navigator as { connection?: { saveData?: boolean; type?: string } }).connection;
  return Boolean(network?.saveData) || network?.type === "cellular";
}

function sameDate(day: string, now: number): boolean {
  const here = new Date(now);
  const pad = (part: number) => String(part).padStart(2, "0");
  return day === `${here.getFullYear()}-${pad(here.getMonth() + 1)}-${pad(here.getDate())}`;
}
