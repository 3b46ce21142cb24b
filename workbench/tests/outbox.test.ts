import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EMPTY, step } from "../src/shell/journal";
import { HOLD, Outbox } from "../src/shell/outbox";
import { Sender, WAITS } from "../src/shell/sender";
import type { Store } from "../src/shell/store";
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

  it("keeps what belongs to somebody else, and goes on with the rest", async () => {
    const { where, sender, server } = await queued(25);
    for (let lease = 1; lease <= 20; lease += 1) server.foreign.add(lease);
    expect(await sender.run(() => undefined)).toBe("foreign");
    expect(server.kept.size).toBe(5);
    expect((await all(where)).length).toBe(20);
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
    expect((await all(where)).length).toBe(8);
  });

  it("stops quietly when the token opens nothing any more", async () => {
    const { where, clock } = await queued(3);
    const sender = new Sender(where, clock, async () => ({ kind: "signed_out" }));
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
