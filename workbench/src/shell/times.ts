// The time of day by the server's clock, as well as a phone can know it (section 2d of the reference).

export interface Watch {
  /** Milliseconds since 1970 by the device's clock, which anybody may set. */
  wall(): number;
  /** Milliseconds that only ever grow. */
  mono(): number;
}

export const device: Watch = { wall: () => Date.now(), mono: () => performance.now() };

const JUMP = 2_000;
/** No phone of ours was sold outside of these years: a clock that says so would make text that nobody reads. */
const EARLIEST = 0;
const LATEST = Date.UTC(2100, 0, 1);

/**
 * `skew` is what the server's clock is ahead of the device's. A device's clock that is set back is noticed
 * at once, because the monotonic clock goes on. When it leaps ahead, it was set or the device slept: nobody
 * can tell before the next contact, so a new `segment` begins, and what was kept in it is shifted then.
 */
export class Times {
  private base: number;
  /** Milliseconds by which the clock was found to have been set, for the log of the device. */
  jumps = 0;

  constructor(
    private readonly watch: Watch,
    public skew = 0,
    public segment = 1,
  ) {
    this.base = watch.wall() - watch.mono();
  }

  now(): number {
    this.look();
    return this.watch.wall() + this.skew;
  }

  mono(): number {
    return this.watch.mono();
  }

  /** The server said what time it is. The answer: by how much times of this segment must be shifted. */
  learn(serverTime: number, journey: number): number {
    this.look();
    const skew = serverTime + journey / 2 - this.watch.wall();
    // A time that can't be read teaches nothing.
    if (!Number.isFinite(skew)) return 0;
    const shift = skew - this.skew;
    if (Math.abs(shift) <= JUMP) return 0;
    this.skew = skew;
    return Math.round(shift);
  }

  private look(): void {
    const base = this.watch.wall() - this.watch.mono();
    const jump = base - this.base;
    if (Math.abs(jump) <= JUMP) return;
    this.base = base;
    this.jumps += 1;
    if (jump < 0) this.skew -= jump;
    else this.segment += 1;
  }
}

/** As RFC 3339 writes it, whatever the device's clock was set to. */
export function iso(time: number): string {
  const known = Number.isFinite(time) ? Math.min(Math.max(time, EARLIEST), LATEST) : EARLIEST;
  return new Date(known).toISOString();
}
