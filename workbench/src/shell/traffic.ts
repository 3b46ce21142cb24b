// When the outbox is sent: hers, and those of others whose answers wait on this phone.

import { poster } from "./api";
import { recovered } from "./clock";
import type { Desk } from "./desk";
import { t } from "./i18n";
import { alone } from "./locks";
import { isWork, Outbox } from "./outbox";
import type { People } from "./people";
import * as screen from "./screen";
import { purge, Sender } from "./sender";
import type { Store } from "./store";
import { device, Times } from "./times";
import { secretOf } from "./token";

/** A slice that grew in the last moments may still run in another window: it is sent later. */
const STILL_RUNNING = 25_000;
const OTHERS_AGAIN = 60_000;

interface Told {
  changed(): Promise<void>;
  received(): Promise<void>;
  /** Her session is over, and nothing of hers may be shown any more. */
  signedOut(): Promise<void>;
}

export class Traffic {
  desk: Desk | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;

  constructor(
    private readonly people: People,
    private readonly told: Told,
  ) {}

  /** The link came back, or she said so: no more waiting. */
  hurry(): void {
    this.desk?.sender.hurry();
  }

  /** Sends all that can go. Several calls at once are one; what is left is tried again by itself. */
  run(): Promise<void> {
    this.running ??= this.send().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  private async send(): Promise<void> {
    clearTimeout(this.timer);
    const desk = this.desk;
    if (desk) await alone(`sync:${desk.store.account}`, () => this.own(desk)).catch(() => undefined);
    await this.others(desk?.store.account ?? null).catch(() => undefined);
    if (screen.othersWait.value && screen.retryAt.value === null) {
      this.timer = setTimeout(() => void this.run(), OTHERS_AGAIN);
    }
  }

  private async own(desk: Desk): Promise<void> {
    screen.sending.value = true;
    try {
      await desk.ready;
      await this.gather(desk);
      let received = 0;
      const ended = await desk.sender.run((progress) => {
        received += progress.received.filter(isWork).length;
      });
      screen.retryAt.value = ended === "later" ? performance.now() + desk.sender.wait : null;
      if (ended === "later") this.timer = setTimeout(() => void this.run(), desk.sender.wait + 100);
      if (ended === "empty" && screen.link.value === "gone") screen.link.value = "unknown";
      if (ended === "signed_out") return await this.told.signedOut();
      await this.told.changed();
      if (received) {
        screen.say(`✓✓ ${t().received(received)}`);
        await this.told.received();
        await purge(desk.store, desk.times.now());
      }
    } finally {
      screen.sending.value = false;
    }
  }

  /** Time that belongs to no open task goes as items of its own; that of open tasks too, when she leaves. */
  async gather(desk: Desk, leaving = false): Promise<void> {
    const slices = await desk.store.read((db) => db.getAll("slices"));
    if (!slices.length) return;
    const tasks = await desk.store.read((db) => db.getAll("tasks"));
    const open = new Set(tasks.filter((task) => task.state !== "acked").map((task) => task.lease));
    const now = desk.times.now();
    const keeps = (one: { key: string; lease: number | null; started: number; ms: number }) =>
      (!leaving && one.lease !== null && open.has(one.lease)) ||
      (!desk.clock.isOver(one.key) && one.started + one.ms > now - STILL_RUNNING);
    if (slices.some((one) => !keeps(one))) await desk.outbox.sweep(keeps);
  }

  /**
   * «3 answers of another person wait for a connection»: the token that came with them sends them, and her time
   * too, of which the screen says nothing.
   */
  private async others(current: string | null): Promise<void> {
    let waiting = 0;
    for (const store of await this.people.others(current)) {
      try {
        await alone(`sync:${store.account}`, () => sendOf(store));
        waiting += await unsentWork(store);
      } finally {
        store.close();
      }
    }
    screen.othersWait.value = waiting;
  }
}

async function unsentWork(store: Store): Promise<number> {
  const items = await store.read((db) => db.getAll("outbox"));
  return items.filter((item) => item.state === "queued" && item.type !== "time").length;
}

/** Whoever it is of has left: what her last task measured is over, and goes with the rest. */
async function sendOf(store: Store): Promise<void> {
  const kept = await store.value("skew");
  const times = new Times(device, kept?.skew ?? 0, 0);
  const outbox = new Outbox(store, times);
  const now = times.now();
  await outbox.release(true);
  await store.write(["slices"], async (tx) => {
    const slices = tx.objectStore("slices");
    for (const slice of await slices.getAll()) await slices.put(recovered(slice, now));
  });
  await outbox.sweep((slice) => slice.started + slice.ms > now - STILL_RUNNING);
  const post = poster(secretOf(store), () => false);
  await new Sender(store, times, post).run(() => undefined);
}
