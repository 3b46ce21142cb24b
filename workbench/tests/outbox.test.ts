import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clean } from "../src/shell/answers";
import { EMPTY, step } from "../src/shell/journal";
import { HOLD, Outbox } from "../src/shell/outbox";
import { Sender, WAITS } from "../src/shell/sender";
import { LONGEST } from "../src/shell/slices";
import type { Store } from "../src/shell/store";
import { iso } from "../src/shell/times";
import { addTask, Hand, PROJECT, SCHEMA, Server, store, times } from "./world";

const HAPPY = step(EMPTY, { op: "set", q: "mood", value: ["happy"] });
const ANSWER = { type: "answer", history: HAPPY, schema: SCHEMA } as const;

function bench() {
  const hand = new Hand();
  const where = store();
  const clock = times(hand);
  const outbox = new Outbox(where, clock);
  const server = new Server(hand);
  const sender = new Sender(
    where,
    clock,
    server.post,
    () => 0.5,
    (by, segment) => outbox.shift(by, segment),
  );
  return { hand, where, clock, outbox, server, sender };
}

const all = (where: Store) => where.read((db) => db.getAll("outbox"));
const task = (where: Store, lease: number) => where.read((db) => db.get("tasks", lease));

async function slice(where: Store, key: string, lease: number | null, ms = 1_000) {
  const kept = {
    key,
    kind: "task" as const,
    lease,
    project: PROJECT,
    started: Date.UTC(2026, 5, 1, 9),
    ms,
    segment: 1,
  };
  await where.write(["slices"], (tx) => tx.objectStore("slices").put(kept));
}

describe("sealing", () => {
  it("keeps the frozen answer, its key and its time in one go", async () => {
    const { where, outbox } = bench();
    const one = await addTask(where, 1, { state: "draft" });
    await slice(where, "a", 1);
    await slice(where, "b", 2);
    const item = await outbox.seal(one, ANSWER);
    const body = JSON.parse(item.body);
    expect(body.result[0].value).toEqual({ choices: ["happy"] });
    expect(body.slices.map((part: { key: string }) => part.key)).toEqual(["a"]);
    expect((await task(where, 1))?.state).toBe("sealed");
    expect((await where.read((db) => db.getAll("slices"))).map((kept) => kept.key)).toEqual(["b"]);
  });

  it("holds an answer for eight seconds, in which it can be taken back with its time", async () => {
    const { hand, where, outbox, sender, server } = bench();
    await slice(where, "a", 1);
    const item = await outbox.seal(await addTask(where, 1, { state: "draft" }), ANSWER);
    hand.pass(HOLD - 1);
    await outbox.release(false);
    await sender.run(() => undefined);
    expect(server.kept.size).toBe(0);
    expect((await outbox.undo(item.key))?.state).toBe("draft");
    expect(await all(where)).toEqual([]);
    expect((await where.read((db) => db.getAll("slices"))).map((kept) => kept.key)).toEqual(["a"]);
    expect(await outbox.undo(item.key)).toBeNull();
  });

  it("lets go after eight seconds, and then only a correction helps", async () => {
    const { hand, where, outbox } = bench();
    const item = await outbox.seal(await addTask(where, 1, { state: "draft" }), ANSWER);
    hand.pass(HOLD);
    await outbox.release(false);
    expect((await all(where))[0]?.state).toBe("queued");
    expect(await outbox.undo(item.key)).toBeNull();
  });

  it("lets go of everything although the device's clock was set back meanwhile", async () => {
    const { hand, where, outbox } = bench();
    await outbox.seal(await addTask(where, 1, { state: "draft" }), ANSWER);
    hand.set(0);
    hand.ticks += HOLD;
    await outbox.release(false);
    expect((await all(where))[0]?.state).toBe("queued");
  });

  it("makes items of time that belongs to no answer, and leaves what is still running", async () => {
    const { where, outbox } = bench();
    await slice(where, "reading", null);
    await slice(where, "running", null);
    await outbox.sweep((kept) => kept.key === "running");
    const items = (await all(where)).map((item) => JSON.parse(item.body));
    expect(items.map((item) => [item.type, item.project, item.slices.length])).toEqual([
      ["time", PROJECT, 1],
    ]);
    expect((await where.read((db) => db.getAll("slices"))).map((kept) => kept.key)).toEqual(["running"]);
  });
});

async function queued(count: number) {
  const made = bench();
  for (let lease = 1; lease <= count; lease += 1) {
    await made.outbox.seal(await addTask(made.where, lease, { state: "draft" }), ANSWER);
  }
  await made.outbox.release(true);
  return made;
}

describe("sending", () => {
  it("sends at most twenty at a time, and keeps a receipt for each", async () => {
    const { where, sender, server } = await queued(45);
    expect(await sender.run(() => undefined)).toBe("empty");
    expect(server.bodies.map((body) => body.items.length)).toEqual([20, 20, 5]);
    expect(await all(where)).toEqual([]);
    expect((await where.read((db) => db.getAll("receipts"))).length).toBe(45);
    expect((await task(where, 7))?.state).toBe("acked");
  });

  it("never holds twenty because of one that is invalid", async () => {
    const { where, sender, server } = await queued(20);
    server.invalid.add(10);
    await sender.run(() => undefined);
    const left = await all(where);
    expect(left.map((item) => [item.lease, item.state])).toEqual([[10, "quarantine"]]);
    expect(left[0]?.why).toEqual(["$: not answered"]);
    expect((await task(where, 10))?.state).toBe("quarantine");
    expect(server.kept.size).toBe(19);
  });

  it("puts the new answer in the place of the refused one", async () => {
    const { where, outbox, sender, server } = await queued(1);
    server.invalid.add(1);
    await sender.run(() => undefined);
    server.invalid.clear();
    const again = await task(where, 1);
    if (!again) throw new Error("gone");
    await outbox.seal({ ...again, state: "draft" }, ANSWER);
    await outbox.release(true);
    expect((await all(where)).map((item) => item.state)).toEqual(["queued"]);
    expect(await sender.run(() => undefined)).toBe("empty");
    expect((await task(where, 1))?.state).toBe("acked");
  });

  it("keeps what belongs to somebody else before her eyes, sends it once, and goes on with the rest", async () => {
    const { where, sender, server } = await queued(25);
    for (let lease = 1; lease <= 20; lease += 1) server.foreign.add(lease);
    expect(await sender.run(() => undefined)).toBe("empty");
    expect(server.kept.size).toBe(5);
    expect(new Set((await all(where)).map((item) => `${item.state} ${item.status}`))).toEqual(
      new Set(["quarantine not_yours"]),
    );
    const posts = server.bodies.length;
    expect(await sender.run(() => undefined)).toBe("empty");
    expect(server.bodies.length).toBe(posts);
  });

  it("backs off, and obeys the server that says for how long", async () => {
    const { hand, sender, server } = await queued(1);
    for (const seconds of [...WAITS, WAITS[4]]) {
      server.trouble = ["lost"];
      expect(await sender.run(() => undefined)).toBe("later");
      expect(sender.wait).toBe(seconds * 1000);
      expect(await sender.run(() => undefined)).toBe("later");
      expect(server.bodies).toEqual([]);
      hand.pass(sender.wait);
    }
    expect(await sender.run(() => undefined)).toBe("empty");
  });

  it("halves a batch that is too large, down to one that must wait", async () => {
    const { where, clock } = await queued(8);
    const sizes: number[] = [];
    const sender = new Sender(where, clock, async (body) => {
      sizes.push(JSON.parse(body).items.length);
      return { kind: "too_large" };
    });
    expect(await sender.run(() => undefined)).toBe("empty");
    expect(sizes).toEqual([8, 4, 2, ...Array(8).fill(1)]);
    expect((await all(where)).map((item) => item.status)).toEqual(Array(8).fill("too_large"));
  });

  it("puts aside the one item for which the whole outbox is refused, and sends all others", async () => {
    const { where, outbox, sender, server } = await queued(45);
    for (const lease of [3, 4, 31]) server.poison.add(lease);
    expect(await sender.run(() => undefined)).toBe("empty");
    expect(server.kept.size).toBe(42);
    const left = await all(where);
    expect(left.map((item) => [item.lease, item.state, item.status])).toEqual(
      [3, 4, 31].map((lease) => [lease, "quarantine", "refused"]),
    );
    expect(left[0]?.why).toEqual(["items.0: half a letter"]);
    expect((await task(where, 3))?.state).toBe("quarantine");
    // It is not sent again by itself; it is when she says so.
    const posts = server.bodies.length;
    await sender.run(() => undefined);
    expect(server.bodies.length).toBe(posts);
    server.poison.clear();
    await outbox.retry(left[0]?.key ?? "");
    expect((await task(where, 3))?.state).toBe("queued");
    await sender.run(() => undefined);
    expect(server.kept.size).toBe(43);
    expect((await task(where, 3))?.state).toBe("acked");
  });

  it("blames no item where the server takes no outbox at all", async () => {
    const { where, sender, server } = await queued(5);
    server.shut = true;
    expect(await sender.run(() => undefined)).toBe("later");
    expect(new Set((await all(where)).map((item) => item.state))).toEqual(new Set(["queued"]));
    expect(server.bodies.length).toBeLessThan(8);
    server.shut = false;
    sender.hurry();
    expect(await sender.run(() => undefined)).toBe("empty");
    expect(server.kept.size).toBe(5);
  });

  it("lets an item at which the server stumbles hold up nothing but itself", async () => {
    const { hand, where, sender, server } = await queued(30);
    server.poison.add(2);
    server.stumbles = true;
    for (let n = 0; n < 12; n += 1) {
      await sender.run(() => undefined);
      hand.pass(sender.wait);
    }
    expect(server.kept.size).toBe(29);
    expect((await all(where)).map((item) => [item.lease, item.state])).toEqual([[2, "queued"]]);
  });

  it("shows what the server keeps for a person, until she has seen it", async () => {
    const { where, outbox, sender, server } = await queued(2);
    server.unread.add(1);
    await sender.run(() => undefined);
    const [handed] = await all(where);
    expect([handed?.lease, handed?.state, handed?.status]).toEqual([1, "handed", "stored_raw"]);
    expect((await task(where, 1))?.state).toBe("acked");
    expect((await where.read((db) => db.getAll("receipts"))).length).toBe(2);
    const posts = server.bodies.length;
    await sender.run(() => undefined);
    expect(server.bodies.length).toBe(posts);
    await outbox.seen(handed?.key ?? "");
    expect(await all(where)).toEqual([]);
    expect((await where.read((db) => db.getAll("receipts"))).length).toBe(2);
  });

  it("never sends for ever what has a status that it does not know", async () => {
    const { where, clock } = await queued(1);
    const sender = new Sender(where, clock, async (body) => {
      const items = JSON.parse(body).items.map((item: { key: string }) => ({
        key: item.key,
        status: "of_the_future",
        receipt: null,
        why: [],
      }));
      return { kind: "answered", server_time: new Date().toISOString(), items };
    });
    await sender.run(() => undefined);
    expect((await all(where)).map((item) => [item.state, item.status])).toEqual([
      ["quarantine", "of_the_future"],
    ]);
  });

  it("keeps the time of a refused answer with the one that takes its place", async () => {
    const { where, outbox, sender, server } = bench();
    const one = await addTask(where, 1, { state: "draft" });
    await slice(where, "first", 1, 5_000);
    await outbox.seal(one, ANSWER);
    await outbox.release(true);
    server.invalid.add(1);
    await sender.run(() => undefined);
    await slice(where, "second", 1, 3_000);
    const item = await outbox.seal({ ...one, state: "draft" }, ANSWER);
    const kept = JSON.parse(item.body).slices.map((part: { key: string }) => part.key);
    expect(kept.sort()).toEqual(["first", "second"]);
    expect(item.ms).toBe(8_000);
  });

  it("forgets a refused answer when a newer one is received, and keeps its time", async () => {
    const { where, outbox, sender, server } = bench();
    const one = await addTask(where, 1, { state: "draft" });
    await slice(where, "first", 1, 5_000);
    await outbox.seal(one, ANSWER);
    await outbox.release(true);
    // She corrects it before it was sent.
    await outbox.seal({ ...one, state: "draft", revision: 2 }, ANSWER);
    await outbox.release(true);
    const post = server.post;
    const sent = new Sender(where, times(new Hand()), async (body) => {
      server.invalid = new Set(body.includes('"revision":1') ? [1] : []);
      return post(body);
    });
    await sent.run(() => undefined);
    expect(await all(where)).toEqual([]);
    expect((await where.read((db) => db.getAll("slices"))).map((left) => left.key)).toEqual(["first"]);
    expect(sender.wait).toBe(0);
  });

  it("sends the answers to one task in the order of their revisions, however they came here", async () => {
    const { where, outbox, sender, server } = bench();
    const one = await addTask(where, 1, { state: "draft" });
    const other = await addTask(where, 2, { state: "draft" });
    for (const revision of [3, 1, 2]) await outbox.seal({ ...one, revision }, ANSWER);
    await outbox.seal(other, ANSWER);
    await outbox.release(true);
    // The clock of one of them was put right meanwhile.
    await where.write(["outbox"], async (tx) => {
      const [first] = await tx.objectStore("outbox").getAll();
      if (first) await tx.objectStore("outbox").put({ ...first, shift: 60_000 });
    });
    await sender.run(() => undefined);
    const order = server.bodies.flatMap((body) => body.items.filter((item) => item.lease === 1));
    expect(order.map((item) => item.revision)).toEqual([1, 2, 3]);
  });

  it("names the account whose outbox it is", async () => {
    const { where, sender, server } = await queued(1);
    await sender.run(() => undefined);
    expect(server.bodies[0]).toMatchObject({ account: where.account });
  });

  it("stops quietly when the token opens nothing any more", async () => {
    const { where, clock } = await queued(3);
    const sender = new Sender(where, clock, async () => ({ kind: "signed_out", session: false }));
    expect(await sender.run(() => undefined)).toBe("paused");
    expect((await all(where)).length).toBe(3);
  });

  it("loses nothing and does nothing twice, whatever becomes of the requests", async () => {
    const trouble = fc.array(fc.constantFrom("lost" as const, "unheard" as const), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), trouble, async (count, troubles) => {
        const { where, sender, server } = await queued(count);
        server.trouble = [...troubles];
        for (let n = 0; n < 10; n += 1) {
          sender.hurry();
          await sender.run(() => undefined);
        }
        expect(await all(where)).toEqual([]);
        expect(server.kept.size).toBe(count);
        expect(new Set(server.effects.values())).toEqual(new Set([1]));
        expect((await where.read((db) => db.getAll("receipts"))).length).toBe(count);
      }),
      { numRuns: 25 },
    );
  });

  it("sends a correction after the answer that it corrects", async () => {
    const { where, outbox, sender, server } = await queued(1);
    const first = await task(where, 1);
    if (!first) throw new Error("gone");
    await outbox.seal({ ...first, state: "draft", revision: 2 }, ANSWER);
    await outbox.release(true);
    await sender.run(() => undefined);
    expect(server.bodies.map((body) => body.items.map((item) => item.revision))).toEqual([[1], [2]]);
    expect((await task(where, 1))?.state).toBe("acked");
  });
});

describe("what no server should have to refuse", () => {
  it("is time in whole milliseconds, and no piece longer than half a day", async () => {
    const { where, outbox } = bench();
    await slice(where, "weekend", null, 61.5 * 3_600_000 + 0.4);
    await slice(where, "broken", null, Number.NaN);
    await slice(where, "back", null, -5);
    await outbox.sweep(() => false);
    const slices = (await all(where)).flatMap((item) => JSON.parse(item.body).slices);
    expect(slices.length).toBe(6);
    expect(slices.every((one) => Number.isInteger(one.ms) && one.ms > 0 && one.ms <= LONGEST)).toBe(true);
    expect(slices.reduce((sum, one) => sum + one.ms, 0)).toBe(61.5 * 3_600_000);
    const ends = slices.map((one) => Date.parse(one.started_at) + one.ms).sort();
    expect(
      slices
        .map((one) => Date.parse(one.started_at))
        .sort()
        .slice(1),
    ).toEqual(ends.slice(0, -1));
  });

  it("is text without halves of characters, and an instant that RFC 3339 can write", () => {
    expect(clean("a\ud83d b\udca9 \ud83d\udca9\0c")).toBe("a\ufffd b\ufffd \ud83d\udca9c");
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY, -9e15, 9e15, -1]) {
      expect(iso(time)).toMatch(/^(1970|2100)-01-01T00:00:00\.000Z$/);
    }
  });

  it("is learnt from no time that can't be read", () => {
    const clock = times(new Hand());
    expect(clock.learn(Number.NaN, 0)).toBe(0);
    expect(Number.isFinite(clock.now())).toBe(true);
  });
});

describe("a clock that was set wrong", () => {
  it.each([
    ["1970", 0],
    ["2040", Date.UTC(2040, 0, 1)],
  ])("moves what was kept in %s to where it belongs", async (_year, wrong) => {
    const { hand, where, clock, outbox, server } = bench();
    const truth = hand.at;
    // The device starts with its clock wrong, and works a minute without a link.
    hand.set(wrong);
    const lost = times(hand);
    lost.segment = clock.segment;
    const box = new Outbox(where, lost);
    const item = await box.seal(await addTask(where, 1, { state: "draft" }), ANSWER);
    await box.release(true);
    hand.pass(60_000);
    const post = async (body: string) => {
      const reply = await server.post(body);
      return reply.kind === "answered"
        ? { ...reply, server_time: new Date(truth + 60_000).toISOString() }
        : reply;
    };
    // The first contact brings only the time (a lease, a pack): the outbox is shifted.
    const shift = lost.learn(truth + 60_000, 0);
    await box.shift(shift, lost.segment);
    await new Sender(where, lost, post).run(() => undefined);
    const sent = server.bodies[0];
    const answered = Date.parse(JSON.parse(item.body).answered_at);
    const offset = truth + 60_000 - Date.parse(sent?.device_now ?? "");
    expect(Math.abs(answered + offset - truth)).toBeLessThan(1_000);
    void outbox;
  });
});
