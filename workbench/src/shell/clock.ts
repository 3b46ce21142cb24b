// The honest clock (section 3b of the reference). It measures nothing but time and whether anything moved.

import { newKey } from "./ids";
import type { Gap, Slice } from "./store";
import type { Times } from "./times";
import type { Kind } from "./types";

export const TICK = 10_000;
/** Without a gesture for so long, the clock asks. Looking hard at a picture makes no gesture. */
export const IDLE = 120_000;
/** A hidden page (a message, a look-up) still counts for so long; longer when she said that she looks something up. */
export const HIDDEN = 30_000;
export const OUTSIDE = 300_000;
/** Waiting for the server counts from one second on, for at most two minutes each time. */
export const LEAST_WAIT = 1_000;
export const MOST_WAIT = 120_000;

/** Where the clock keeps what it measured. When that fails, the store has said so on the screen. */
export interface Keeper {
  slice(slice: Slice): Promise<void>;
  gap(gap: Gap): Promise<void>;
}

export interface What {
  readonly kind: Kind;
  readonly project: string;
  readonly lease: number | null;
}

interface Running extends What {
  readonly key: string;
  readonly started: number;
  readonly from: number;
  readonly segment: number;
}

export class Clock {
  private running: Running | null = null;
  /** Keys of this window: what another window measures is not known to be over. */
  private readonly own = new Set<string>();
  private what: What | null = null;
  private active: number;
  private hiddenAt: number | null = null;
  private outside = false;
  /** A gap beyond the limit that she has not yet been asked about. */
  private open: { gap: Omit<Gap, "ms">; from: number } | null = null;
  private saved: Promise<void> = Promise.resolve();

  constructor(
    private readonly times: Times,
    private readonly keeper: Keeper,
    /** Asked once, when she comes back after a gap. */
    private readonly ask: (gap: Gap) => void,
    private readonly idle = IDLE,
  ) {
    this.active = times.mono();
  }

  /** Milliseconds of the running slice. */
  get runningMs(): number {
    return this.running ? Math.max(0, this.end() - this.running.from) : 0;
  }

  /** Whether a slice is over for certain: this window measured it, and measures something else now. */
  isOver(key: string): boolean {
    return this.own.has(key) && this.running?.key !== key;
  }

  /** Another kind of work begins, or none: what ran before is kept to its last moment. */
  async turnTo(what: What | null): Promise<void> {
    this.note();
    await this.close(this.end());
    this.what = what;
    if (what && this.hiddenAt === null) this.start();
    return this.saved;
  }

  /** A pointer, a key, a scroll, a change of focus. */
  activity(): void {
    this.note();
    this.active = this.times.mono();
  }

  /** Sound that plays needs no gesture. */
  playing(): void {
    this.activity();
  }

  /** Every ten seconds: what ran so far is kept, so that a crash costs ten seconds at the most. */
  tick(): Promise<void> {
    if (this.open) this.saveGap({ ...this.open.gap, ms: this.times.mono() - this.open.from });
    if (this.hiddenAt === null && this.running) {
      const quiet = this.times.mono() - this.active;
      if (quiet < this.idle) void this.keep(this.times.mono());
      else this.openGap(this.active + this.idle);
    }
    return this.saved;
  }

  /** She says that she looks something up elsewhere: up to five minutes of it count. */
  lookOutside(): void {
    this.outside = true;
  }

  hidden(): Promise<void> {
    if (this.hiddenAt !== null) return this.saved;
    this.note();
    this.hiddenAt = this.times.mono();
    void this.keep(this.end(), this.times.now());
    return this.saved;
  }

  visible(): Promise<void> {
    if (this.hiddenAt === null) return this.saved;
    const limit = this.hiddenAt + (this.outside ? OUTSIDE : HIDDEN);
    const over = this.times.mono() > limit;
    this.hiddenAt = null;
    this.active = this.times.mono();
    if (over && this.outside) this.openGap(limit);
    else if (over) void this.close(limit);
    this.outside = false;
    this.note();
    if (this.what && !this.running) this.start();
    return this.saved;
  }

  /** The whole of a wait for the server, when it was long enough to be noticed. */
  waited(project: string, started: number, ms: number): Promise<void> {
    if (ms <= LEAST_WAIT) return this.saved;
    const slice = { key: newKey(), kind: "outage" as const, lease: null, project, started };
    return this.save({ ...slice, ms: Math.min(ms, MOST_WAIT), segment: this.times.segment });
  }

  /** The clock of the device turned out to be wrong: what runs moves with the rest. */
  moved(by: number): void {
    if (this.running) this.running = { ...this.running, started: this.running.started + by };
  }

  private start(): void {
    if (!this.what) return;
    const now = this.times.now();
    this.running = {
      ...this.what,
      key: newKey(),
      started: now,
      from: this.times.mono(),
      segment: this.times.segment,
    };
  }

  /** Up to when the running slice counts, as things stand. */
  private end(): number {
    const now = this.times.mono();
    if (this.hiddenAt !== null) return Math.min(now, this.hiddenAt + (this.outside ? OUTSIDE : HIDDEN));
    return Math.min(now, this.active + this.idle);
  }

  private openGap(from: number): void {
    const running = this.running;
    if (!running) return;
    void this.close(from);
    const { kind, project, lease } = running;
    const started = running.started + (from - running.from);
    this.open = { gap: { key: newKey(), kind, project, lease, started, segment: running.segment }, from };
  }

  /** She is back: the gap ends here, is kept, and she is asked about it. */
  private note(): void {
    const quiet = this.times.mono() - this.active;
    if (this.running && this.hiddenAt === null && quiet >= this.idle) this.openGap(this.active + this.idle);
    if (!this.open) return;
    const gap = { ...this.open.gap, ms: this.times.mono() - this.open.from };
    this.open = null;
    this.active = this.times.mono();
    this.saveGap(gap);
    this.ask(gap);
    if (this.what && !this.running) this.start();
  }

  private close(at: number): Promise<void> {
    const running = this.running;
    if (!running) return this.saved;
    void this.keep(at);
    this.running = null;
    return this.saved;
  }

  private keep(at: number, hidden?: number): Promise<void> {
    const running = this.running;
    if (!running) return this.saved;
    const { from, ...rest } = running;
    const ms = Math.max(0, Math.round(at - from));
    if (ms < 1) return this.saved;
    return this.save({ ...rest, ms, ...(hidden === undefined ? {} : { hidden }) });
  }

  private save(slice: Slice): Promise<void> {
    this.own.add(slice.key);
    this.saved = this.saved.then(() => this.keeper.slice(slice)).catch(() => undefined);
    return this.saved;
  }

  private saveGap(gap: Gap): void {
    this.saved = this.saved.then(() => this.keeper.gap(gap)).catch(() => undefined);
  }
}

/** After a crash or a reload: a slice that was left while the page was hidden gets the time that it may have. */
export function recovered(slice: Slice, now: number): Slice {
  if (slice.hidden === undefined) return slice;
  const { hidden, ...rest } = slice;
  return { ...rest, ms: slice.ms + Math.min(HIDDEN, Math.max(0, now - hidden)) };
}
