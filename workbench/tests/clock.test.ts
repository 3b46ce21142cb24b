import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Clock, HIDDEN, IDLE, MOST_WAIT, OUTSIDE, recovered, TICK } from "../src/shell/clock";
import type { Gap, Slice } from "../src/shell/store";
import { Hand, PROJECT, times } from "./world";

const TASK = { kind: "task", project: PROJECT, lease: 1 } as const;
const READING = { kind: "reading", project: PROJECT, lease: null } as const;

function watch() {
  const hand = new Hand();
  const slices = new Map<string, Slice>();
  const gaps = new Map<string, Gap>();
  const asked: Gap[] = [];
  const keeper = {
    slice: async (slice: Slice) => void slices.set(slice.key, slice),
    gap: async (gap: Gap) => void gaps.set(gap.key, gap),
  };
  const clock = new Clock(times(hand), keeper, (gap) => asked.push(gap));
  const counted = (kind?: string) =>
    [...slices.values()].filter((one) => !kind || one.kind === kind).reduce((sum, one) => sum + one.ms, 0);
  /** Time goes by in ticks, with a gesture every so often or none. */
  const pass = async (ms: number, gesture = 30_000) => {
    let since = 0;
    for (let left = ms; left > 0; left -= TICK) {
      const part = Math.min(TICK, left);
      hand.pass(part);
      since += part;
      if (gesture && since >= gesture) {
        clock.activity();
        since = 0;
      }
      await clock.tick();
    }
  };
  return { hand, clock, slices, gaps, asked, counted, pass };
}

describe("the clock", () => {
  it("counts all the time on a task", async () => {
    const { clock, counted, pass } = watch();
    await clock.turnTo(TASK);
    await pass(600_000);
    await clock.turnTo(null);
    expect(counted()).toBe(600_000);
  });

  it("keeps kinds apart", async () => {
    const { clock, counted, pass } = watch();
    await clock.turnTo(READING);
    await pass(60_000);
    await clock.turnTo(TASK);
    await pass(20_000);
    await clock.turnTo(null);
    expect([counted("reading"), counted("task")]).toEqual([60_000, 20_000]);
  });

  it("counts a long look without a gesture, up to the limit", async () => {
    const { clock, counted, pass, asked, gaps } = watch();
    await clock.turnTo(TASK);
    await pass(IDLE - TICK, 0);
    clock.activity();
    await pass(IDLE - TICK, 0);
    await clock.turnTo(null);
    expect(counted()).toBe(2 * (IDLE - TICK));
    expect(asked).toEqual([]);
    expect(gaps.size).toBe(0);
  });

  it("never throws away a gap beyond the limit: it is asked about, once, and kept", async () => {
    const { clock, counted, pass, asked, gaps } = watch();
    await clock.turnTo(TASK);
    await pass(660_000, 0);
    clock.activity();
    await clock.turnTo(null);
    expect(counted()).toBe(IDLE);
    expect(asked.map((gap) => gap.ms)).toEqual([660_000 - IDLE]);
    expect([...gaps.values()].map((gap) => gap.ms)).toEqual([660_000 - IDLE]);
  });

  it("keeps a gap that is still open, so that a crash does not lose it", async () => {
    const { clock, pass, gaps } = watch();
    await clock.turnTo(TASK);
    await pass(IDLE + 5 * TICK, 0);
    expect([...gaps.values()].map((gap) => gap.ms)).toEqual([5 * TICK]);
  });

  it("lets a look at a message count, and no more", async () => {
    const { hand, clock, counted } = watch();
    await clock.turnTo(TASK);
    await clock.hidden();
    hand.pass(HIDDEN - 1_000);
    await clock.visible();
    hand.pass(1_000);
    await clock.hidden();
    hand.pass(3_600_000);
    await clock.visible();
    await clock.turnTo(null);
    expect(counted()).toBe(HIDDEN - 1_000 + 1_000 + HIDDEN);
  });

  it("lets five minutes elsewhere count when she said so, and asks about the rest", async () => {
    const { hand, clock, counted, asked } = watch();
    await clock.turnTo(TASK);
    clock.lookOutside();
    await clock.hidden();
    hand.pass(OUTSIDE + 60_000);
    await clock.visible();
    await clock.turnTo(null);
    expect(counted()).toBe(OUTSIDE);
    expect(asked.map((gap) => gap.ms)).toEqual([60_000]);
  });

  it("counts a wait for the server from one second on, two minutes at most", async () => {
    const { clock, counted } = watch();
    await clock.waited(PROJECT, 0, 900);
    expect(counted()).toBe(0);
    await clock.waited(PROJECT, 0, 4_000);
    expect(counted("outage")).toBe(4_000);
    await clock.waited(PROJECT, 0, 900_000);
    expect(counted("outage")).toBe(4_000 + MOST_WAIT);
  });

  it("loses at most ten seconds in a crash", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300_000 }), async (ms) => {
        const { clock, counted, pass } = watch();
        await clock.turnTo(TASK);
        await pass(ms, 20_000);
        expect(counted()).toBeGreaterThan(ms - TICK);
        expect(counted()).toBeLessThanOrEqual(ms);
      }),
      { numRuns: 30 },
    );
  });

  it("counts durations by the monotonic clock, whatever is done to the other", async () => {
    const { hand, clock, counted, pass } = watch();
    await clock.turnTo(TASK);
    await pass(30_000);
    hand.set(0);
    await pass(30_000);
    hand.set(Date.UTC(2040, 0, 1));
    await pass(30_000);
    await clock.turnTo(null);
    expect(counted()).toBe(90_000);
  });

  it("never counts more than what went by, in whatever order things happen", async () => {
    const event = fc.oneof(
      fc.record({ pass: fc.integer({ min: 1, max: 400_000 }) }),
      fc.constantFrom("hidden", "visible", "activity", "tick", "task", "reading", "none", "outside"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
        const { hand, clock, slices, gaps } = watch();
        const began = hand.ticks;
        const does: Record<string, () => unknown> = {
          task: () => clock.turnTo(TASK),
          reading: () => clock.turnTo(READING),
          none: () => clock.turnTo(null),
          outside: () => clock.lookOutside(),
          activity: () => clock.activity(),
          hidden: () => clock.hidden(),
          visible: () => clock.visible(),
          tick: () => clock.tick(),
        };
        for (const one of events) await (typeof one === "object" ? hand.pass(one.pass) : does[one]?.());
        await clock.turnTo(null);
        const sum = (all: Iterable<{ ms: number }>) => [...all].reduce((whole, { ms }) => whole + ms, 0);
        expect(sum(slices.values()) + sum(gaps.values())).toBeLessThanOrEqual(hand.ticks - began);
      }),
      { numRuns: 200 },
    );
  });

  it("gives a slice that a crash cut while hidden the time that it may have", () => {
    const cut = { key: "a", ...TASK, started: 0, ms: 5_000, segment: 1, hidden: 10_000 };
    expect(recovered(cut, 12_000).ms).toBe(7_000);
    expect(recovered(cut, 999_000).ms).toBe(5_000 + HIDDEN);
    expect(recovered(cut, 0).ms).toBe(5_000);
  });
});
