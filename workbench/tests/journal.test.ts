import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Command,
  draftOf,
  EMPTY,
  type Entry,
  linesFor,
  replay,
  SNAPSHOT_EVERY,
  step,
} from "../src/shell/journal";

const value = fc.array(fc.constantFrom("happy", "sad", "both"), { maxLength: 2 });
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constant("set" as const), q: fc.constantFrom("mood", "why", ""), value }),
  },
  { weight: 1, arbitrary: fc.constant({ op: "undo" as const }) },
  { weight: 1, arbitrary: fc.constant({ op: "redo" as const }) },
);

function write(commands: readonly Command[]): { lines: Entry[]; history: typeof EMPTY } {
  let history = EMPTY;
  let seq = 0;
  const lines: Entry[] = [];
  for (const one of commands) {
    history = step(history, one);
    const added = linesFor(1, seq, one, history);
    seq += added.length;
    lines.push(...added);
  }
  return { lines, history };
}

describe("the journal", () => {
  it("gives back what was entered, in whatever order its lines come", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 160 }), fc.infiniteStream(fc.nat()), (commands, chance) => {
        const { lines, history } = write(commands);
        const mixed = [...lines].sort(() => (chance.next().value % 2 ? 1 : -1));
        expect(replay(mixed).history).toEqual(history);
      }),
    );
  });

  it("gives back a state that she saw, wherever it is cut", () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 1, maxLength: 120 }), fc.nat(), (commands, place) => {
        const { lines } = write(commands);
        const cut = lines.slice(0, place % (lines.length + 1));
        const kept = cut.filter((line) => "command" in line).length;
        expect(replay(cut).history).toEqual(write(commands.slice(0, kept)).history);
      }),
    );
  });

  it("takes a snapshot after every fiftieth line", () => {
    const commands = Array.from(
      { length: 200 },
      (_, n): Command => ({ op: "set", q: "mood", value: [String(n)] }),
    );
    const { lines } = write(commands);
    const snapshots = lines.filter((line) => "snapshot" in line);
    expect(snapshots.length).toBe(4);
    expect(snapshots[0]?.seq).toBe(SNAPSHOT_EVERY);
    expect(new Set(lines.map((line) => line.seq)).size).toBe(lines.length);
  });

  it("undoes to the beginning and redoes to the end", () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const { history } = write(commands);
        let back = history;
        for (let n = 0; n < 80; n += 1) back = step(back, { op: "undo" });
        expect(draftOf(back)).toEqual({});
        let forth = back;
        for (let n = 0; n < history.done.length; n += 1) forth = step(forth, { op: "redo" });
        expect(draftOf(forth)).toEqual(draftOf(history));
      }),
    );
  });

  it("forgets what was undone once something new is entered", () => {
    const { history } = write([
      { op: "set", q: "mood", value: ["happy"] },
      { op: "undo" },
      { op: "set", q: "mood", value: ["sad"] },
      { op: "redo" },
    ]);
    expect(draftOf(history)).toEqual({ mood: ["sad"] });
  });
});
