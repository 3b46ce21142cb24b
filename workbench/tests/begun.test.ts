// Words begun in a window and not sent.

import { beforeEach, describe, expect, it } from "vitest";
import { Begun } from "../src/shell/begun";
import * as screen from "../src/shell/screen";
import { store } from "./world";

beforeEach(() => {
  screen.begun.value = {};
});

describe("words begun in a window", () => {
  it("are there again after a reload, for the same task only", async () => {
    const where = store();
    const before = new Begun(() => where);
    before.type("ask", 7, "What about irony?");
    await before.keep();
    screen.begun.value = {};
    const after = new Begun(() => where);
    await after.load();
    expect(after.words("ask", 7)).toBe("What about irony?");
    expect(after.words("ask", 8)).toBe("");
    expect(after.words("skip", 7)).toBe("");
  });

  it("are gone once sent, on the disk too, and others stay", async () => {
    const where = store();
    const begun = new Begun(() => where);
    begun.type("ask", 7, "What about irony?");
    begun.type("flag", 7, "A face.");
    await begun.over(["ask"], 7);
    await begun.load();
    expect(begun.words("ask", 7)).toBe("");
    expect(begun.words("flag", 7)).toBe("A face.");
  });

  it("of one account are not shown to the next", async () => {
    let desk = store();
    const begun = new Begun(() => desk);
    begun.type("ask", 7, "Mine.");
    await begun.keep();
    desk = store();
    await begun.load();
    expect(begun.words("ask", 7)).toBe("");
  });
});
