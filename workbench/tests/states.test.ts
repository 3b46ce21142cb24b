import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Move, reached, type State, touched } from "../src/shell/states";

const MOVES: Move[] = [
  "files",
  "input",
  "park",
  "resume",
  "seal",
  "undo",
  "release",
  "acknowledge",
  "refuse",
  "correct",
  "retry",
  "lapse",
  "revoke",
];

describe("states of a task", () => {
  it("never lapses once something was entered", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...MOVES)), (moves) => {
        const way: State[] = ["leased"];
        for (const move of moves) {
          const next = reached(way[way.length - 1] ?? "leased", move);
          if (next) way.push(next);
        }
        const entered = way.indexOf("draft");
        const later = entered < 0 ? [] : way.slice(entered);
        expect(later).not.toContain("lapsed");
        expect(later.filter((state) => state !== "revoked").every(touched)).toBe(true);
      }),
    );
  });

  it("is received only after it was kept", () => {
    for (const state of ["leased", "ready", "draft", "parked", "sealed", "quarantine"] as const) {
      expect(reached(state, "acknowledge")).toBeNull();
    }
  });

  it("can be corrected after it was kept, received or refused", () => {
    for (const state of ["queued", "acked", "quarantine"] as const)
      expect(reached(state, "correct")).toBe("draft");
  });
});
