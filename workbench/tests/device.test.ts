// The device's database under trouble, files that are handed on, leases, keys, answers, the picture's place.

import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { inside, MOST, moved, zoomed } from "../src/modalities/image/zoom";
import { missing, picked, resultOf } from "../src/shell/answers";
import { save, take } from "../src/shell/file";
import { newKey } from "../src/shell/ids";
import { EMPTY, step } from "../src/shell/journal";
import { labelKeys } from "../src/shell/keys";
import { Leases } from "../src/shell/leases";
import { Outbox } from "../src/shell/outbox";
import { People } from "../src/shell/people";
import { StorageFailed, type Store } from "../src/shell/store";
import type { Leased, Question, Schema } from "../src/shell/types";
import { addTask, Hand, PROJECT, SCHEMA, store, times } from "./world";

const HAPPY = step(EMPTY, { op: "set", q: "mood", value: ["happy"] });
const ANSWER = { type: "answer", history: HAPPY, schema: SCHEMA } as const;

afterEach(() => vi.unstubAllGlobals());

/** The next writes fail as they do when the disk is full. */
function failing(count: number): void {
  const put = IDBObjectStore.prototype.put;
  let left = count;
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...rest) {
    if (left > 0) {
      left -= 1;
      throw new DOMException("full", "QuotaExceededError");
    }
    return put.apply(this, rest as [unknown]);
  });
}

describe("a phone that is full", () => {
  afterEach(() => vi.restoreAllMocks());

  it("gives the ballast away so that the answer is kept", async () => {
    const where = store();
    const told: string[] = [];
    where.onTrouble = (kind) => told.push(kind);
    await where.layBallast();
    failing(2);
    await addTask(where, 1);
    expect(told).toEqual(["tight"]);
    expect(await where.value("ballast")).toBeUndefined();
    expect((await where.read((db) => db.get("tasks", 1)))?.lease).toBe(1);
  });

  it("then lets pictures go, which can be fetched again", async () => {
    const where = store();
    const picture = { id: "a", path: "", expires_at: "", sha256: "", size: 1, width: 1, height: 1 };
    await where.write(["pictures"], (tx) =>
      tx.objectStore("pictures").put({ ...picture, blob: new Blob(["x"]) }),
    );
    failing(3);
    await addTask(where, 1);
    expect(await where.read((db) => db.count("pictures"))).toBe(0);
    expect((await where.read((db) => db.get("tasks", 1)))?.lease).toBe(1);
  });

  it("says so when nothing helps, and goes on when there is room again", async () => {
    const where = store();
    const told: string[] = [];
    where.onTrouble = (kind) => told.push(kind);
    failing(4);
    await expect(addTask(where, 1)).rejects.toBeInstanceOf(StorageFailed);
    expect(told).toContain("failed");
    await addTask(where, 1);
    expect(await where.read((db) => db.count("tasks"))).toBe(1);
  });

  it("writes all of a transaction or nothing", async () => {
    const where = store();
    const one = await addTask(where, 1, { state: "draft" });
    failing(9);
    await expect(new Outbox(where, times(new Hand())).seal(one, ANSWER)).rejects.toBeInstanceOf(
      StorageFailed,
    );
    vi.restoreAllMocks();
    expect(await where.read((db) => db.count("outbox"))).toBe(0);
    expect((await where.read((db) => db.get("tasks", 1)))?.state).toBe("draft");
  });

  it("bears that its database is deleted while it is open", async () => {
    const where = store();
    await addTask(where, 1);
    await new Promise((done) => {
      indexedDB.deleteDatabase(`palabre-${where.account}`).onsuccess = done;
    });
    await addTask(where, 2);
    expect((await where.read((db) => db.getAll("tasks"))).map((task) => task.lease)).toEqual([2]);
  });
});

describe("a file of unsent answers", () => {
  async function filled(): Promise<Store> {
    const where = store();
    const outbox = new Outbox(where, times(new Hand()));
    await where.setValue("token", { token: "t", got: 0 });
    for (const lease of [1, 2, 3]) await outbox.seal(await addTask(where, lease, { state: "draft" }), ANSWER);
    return where;
  }

  async function text(where: Store): Promise<string> {
    return (await (await save(where))?.text()) ?? "";
  }

  it("is harmless when it is opened again, on the same phone or on another", async () => {
    const where = await filled();
    const file = (await text(where)).replaceAll(where.account, newKey());
    const people = new People();
    expect(await take(file, people)).toBe(3);
    expect(await take(file, people)).toBe(0);
    expect(await take(file, people)).toBe(0);
    expect(await take(await text(where), people)).toBe(0);
    const others = await people.others(where.account);
    expect(others.length).toBe(1);
    const items = await others[0]?.read((db) => db.getAll("outbox"));
    expect(items?.map((item) => item.state)).toEqual(["queued", "queued", "queued"]);
  });

  it("is refused when it was damaged or is something else", async () => {
    const file = await text(await filled());
    const people = new People();
    for (const bad of [file.replace("happy", "sad"), file.slice(0, -9), "{}", "[]", "", "null"]) {
      expect(await take(bad, people)).toBeNull();
    }
  });
});

describe("leases", () => {
  const PICTURE = "a picture";

  async function leased(more: Partial<Leased> = {}) {
    const hand = new Hand();
    const where = store();
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(PICTURE)));
    const picture = {
      id: newKey(),
      path: "/media/a",
      expires_at: "",
      sha256: [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
      size: PICTURE.length,
      width: 1,
      height: 1,
    };
    const task = { lease: 1, task: 1, position: 1, payload: {}, media: picture.id };
    const said: Leased = {
      account: where.account,
      tasks: [task],
      pictures: [picture],
      schema_version: 1,
      guideline_version: 1,
      expires_at: new Date(hand.at + 3_600_000).toISOString(),
      more: false,
      submit_token: "token",
      server_time: new Date(hand.at).toISOString(),
      ...more,
    };
    const contents: string[] = [];
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (address: string) => {
      asked.push(address);
      if (address.endsWith("/leases")) return Response.json(said);
      if (address.endsWith("/link")) return Response.json({ ...picture, path: "/media/b" });
      return new Response(contents.shift() ?? PICTURE);
    });
    const leases = new Leases(where, times(hand), async () => undefined);
    await leases.fetch(PROJECT);
    return { hand, where, leases, contents, asked };
  }

  it("has a task ready only when its picture is here and whole", async () => {
    const { leases, contents, asked } = await leased();
    contents.push("a pictura", "a pict");
    expect((await leases.tasks(PROJECT)).map((task) => task.state)).toEqual(["leased"]);
    await leases.fetchAhead(PROJECT, false);
    expect((await leases.tasks(PROJECT)).map((task) => task.state)).toEqual(["leased"]);
    await leases.fetchAhead(PROJECT, false);
    expect((await leases.tasks(PROJECT)).map((task) => task.state)).toEqual(["ready"]);
    expect(asked.filter((address) => address.startsWith("/media/")).length).toBe(3);
  });

  it("keeps a task that is here already as it is", async () => {
    const { where, leases } = await leased();
    const [task] = await leases.tasks(PROJECT);
    if (!task) throw new Error("none");
    await addTask(where, 1, { ...task, state: "draft" });
    await leases.fetch(PROJECT);
    expect((await leases.tasks(PROJECT)).map((one) => one.state)).toEqual(["draft"]);
  });

  it("lets untouched tasks lapse, and never one that she began", async () => {
    const { hand, where, leases } = await leased();
    for (const [lease, state] of [
      [2, "ready"],
      [3, "draft"],
      [4, "parked"],
      [5, "queued"],
    ] as const) {
      await addTask(where, lease, { state, expires: hand.at + 3_600_000 });
    }
    hand.pass(10 * 86_400_000);
    await leases.lapse();
    expect((await leases.tasks(PROJECT)).map((task) => task.lease)).toEqual([3, 4, 5]);
  });

  it("goes on with what was begun, then the oldest that is ready, last what was put aside", async () => {
    const { where, leases } = await leased();
    await addTask(where, 2, { state: "parked", order: 0 });
    await addTask(where, 3, { order: 5 });
    await addTask(where, 4, { order: 4 });
    await addTask(where, 5, { state: "draft", order: 9 });
    const order: number[] = [];
    for (;;) {
      const next = await leases.next(PROJECT, new Set(order));
      if (!next) break;
      order.push(next.lease);
    }
    expect(order).toEqual([5, 4, 3, 1, 2]);
  });
});

describe("answers", () => {
  const MANY: Question = {
    name: "m",
    type: "choices",
    to: "text",
    choice: "multiple",
    labels: SCHEMA.asks[0]?.labels ?? [],
  };

  it("stand in the schema's order, each question once, empty notes left out", () => {
    const schema: Schema = { ...SCHEMA, asks: [MANY, ...SCHEMA.asks] };
    const result = resultOf(schema, { m: ["sad", "happy"], mood: ["sad"], why: ["  "] });
    expect(result.map((item) => [item.from_name, item.value])).toEqual([
      ["m", { choices: ["happy", "sad"] }],
      ["mood", { choices: ["sad"] }],
    ]);
  });

  it("want what is required, and let the rest stay away", () => {
    expect(missing(SCHEMA, {}).map((question) => question.name)).toEqual(["mood"]);
    expect(missing(SCHEMA, { mood: ["happy"] })).toEqual([]);
    expect(missing(SCHEMA, { mood: ["no label of it"] }).map((question) => question.name)).toEqual(["mood"]);
  });

  it("change by taps: one or several", () => {
    expect(picked({ ...MANY, choice: "single" }, ["happy"], "sad")).toEqual(["sad"]);
    expect(picked(MANY, ["happy"], "sad")).toEqual(["happy", "sad"]);
    expect(picked(MANY, ["happy", "sad"], "happy")).toEqual(["sad"]);
  });
});

describe("keys of labels", () => {
  const key = fc.option(fc.constantFrom(..."123abcq"), { nil: undefined });
  const question = fc.array(key, { minLength: 2, maxLength: 30 }).map((keys, place = 0) => ({
    name: `q${place}`,
    type: "choices",
    to: "text",
    labels: keys.map((one, n) => ({ value: `v${n}`, ...(one ? { key: one } : {}) })),
  }));

  it("are never given twice, and the schema's own come first", () => {
    fc.assert(
      fc.property(fc.array(question, { minLength: 1, maxLength: 3 }), (questions) => {
        const asks = questions.map((one, n) => ({ ...one, name: `q${n}` }));
        const keys = labelKeys({ shows: [], asks });
        expect(new Set(keys.map((one) => one.key)).size).toBe(keys.length);
        const wished = new Set(asks.flatMap((one) => one.labels.flatMap((label) => label.key ?? [])));
        for (const wish of wished) {
          const owner = keys.find((one) => one.key === wish);
          expect(owner?.question.labels?.find((label) => label.value === owner.value)?.key).toBe(wish);
        }
      }),
    );
  });
});

describe("a picture in its frame", () => {
  const frame = { width: 320, height: 240 };
  const number = fc.double({ min: -2_000, max: 2_000, noNaN: true });

  it("never leaves it, and is never smaller than whole", () => {
    const move = fc.oneof(
      fc.record({ by: fc.double({ min: 0.01, max: 20, noNaN: true }), x: number, y: number }),
      fc.record({ x: number, y: number }),
    );
    fc.assert(
      fc.property(fc.array(move), (moves) => {
        let place = { scale: 1, x: 0, y: 0 };
        for (const one of moves) {
          place = "by" in one ? zoomed(place, one.by, one, frame) : moved(place, one.x, one.y, frame);
          expect(place).toEqual(inside(place, frame));
          expect(place.scale).toBeGreaterThanOrEqual(1);
          expect(place.scale).toBeLessThanOrEqual(MOST);
        }
      }),
    );
  });

  it("keeps the point under the finger where it is", () => {
    const at = { x: 40, y: -30 };
    const place = zoomed({ scale: 2, x: 10, y: 5 }, 1.5, at, frame);
    expect((at.x - place.x) / place.scale).toBeCloseTo((at.x - 10) / 2);
    expect((at.y - place.y) / place.scale).toBeCloseTo((at.y - 5) / 2);
  });
});
