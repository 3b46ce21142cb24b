// By whom an outbox is sent, what an answer of the server means, and whose work may be shown.

import { afterEach, describe, expect, it, vi } from "vitest";
import { poster } from "../src/shell/api";
import { mayShow } from "../src/shell/here";
import { newKey } from "../src/shell/ids";
import { secretOf } from "../src/shell/token";
import { store } from "./world";

afterEach(() => {
  vi.unstubAllGlobals();
  Object.assign(document, { cookie: "" });
});

const SAID = { server_time: "2026-06-01T09:00:00Z", items: [] };
const problem = (status: number) =>
  new Response(JSON.stringify({ code: "bad", detail: "why" }), {
    status,
    headers: { "Content-Type": "application/problem+json" },
  });

/** A server that answers in turn; who asked, by token or by session. */
function server(...answers: Response[]): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (path === "/bench/") return new Response("");
    const headers = init.headers as Record<string, string>;
    asked.push(headers.Authorization ?? `session ${init.credentials}`);
    return answers.shift() ?? new Response(JSON.stringify(SAID));
  });
  return asked;
}

async function account(token = "t") {
  const where = store();
  await where.setValue("token", { token, got: 0 });
  return where;
}

describe("sending", () => {
  it("goes by the token of the account and not by whoever is signed in", async () => {
    const asked = server();
    const where = await account();
    expect((await poster(secretOf(where), () => true)("{}")).kind).toBe("answered");
    expect(asked).toEqual(["Submit t"]);
  });

  it("goes by her own session when her token is over, and from then on at once", async () => {
    const where = await account();
    const post = poster(secretOf(where), () => true);
    const asked = server(problem(401));
    expect((await post("{}")).kind).toBe("answered");
    expect((await post("{}")).kind).toBe("answered");
    expect(asked).toEqual(["Submit t", "session same-origin", "session same-origin"]);
  });

  it("keeps a token that nobody could try beside a good session", async () => {
    const where = await account();
    server(problem(401), problem(401));
    expect(await poster(secretOf(where), () => true)("{}")).toEqual({ kind: "signed_out", session: true });
    expect(await secretOf(where).token()).toBe("t");
  });

  it("never goes by the session of another", async () => {
    const where = await account();
    const asked = server(problem(401));
    expect(await poster(secretOf(where), () => false)("{}")).toEqual({ kind: "signed_out", session: false });
    expect(asked).toEqual(["Submit t"]);
    const none = store();
    expect((await poster(secretOf(none), () => false)("{}")).kind).toBe("signed_out");
    expect(asked.length).toBe(1);
  });

  it("asks for a new mark of forms once", async () => {
    const asked = server(problem(403));
    expect((await poster(secretOf(store()), () => true)("{}")).kind).toBe("answered");
    expect(asked.length).toBe(2);
    server(problem(403), problem(403));
    expect((await poster(secretOf(store()), () => true)("{}")).kind).toBe("signed_out");
  });

  it.each([
    [400, "refused"],
    [404, "refused"],
    [409, "refused"],
    [422, "refused"],
    [408, "later"],
    [413, "too_large"],
    [425, "later"],
    [429, "later"],
    [500, "failed"],
    [502, "later"],
    [503, "later"],
  ])("takes %i of the server for %s", async (status, kind) => {
    server(problem(status));
    expect((await poster(secretOf(await account()), () => true)("{}")).kind).toBe(kind);
  });

  it("takes a page of somebody on the way for no answer", async () => {
    for (const status of [200, 400, 404, 511]) {
      server(new Response("<h1>Welcome to our hotel</h1>", { status }));
      expect((await poster(secretOf(await account()), () => true)("{}")).kind).toBe("later");
    }
  });
});

describe("whose work may be shown", () => {
  it("is hers while the server has said nothing else, and nobody's after a sign-out", () => {
    const [hers, other] = [newKey(), newKey()];
    for (const [cookie, shown] of [
      ["", true],
      ["csrftoken=a", true],
      [`csrftoken=a; palabre_here=${hers}`, true],
      [`palabre_here=${other}; csrftoken=a`, false],
      ['palabre_here=""', false],
      ["palabre_here=", false],
    ] as const) {
      Object.assign(document, { cookie });
      expect(mayShow(hers)).toBe(shown);
    }
  });
});
