// The calls to the server. Nothing here retries: whoever calls knows what a failure means.

import { sha256 } from "./ids";
import type { Reply } from "./sender";
import type { ItemOutcome, Leased, Pack, Picture, Today } from "./types";

const ROOT = "/api/v1";
const PATIENCE = 30_000;

/** The server answered, but not with what was asked for. `code` is the problem's. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly after: number | null,
  ) {
    super(`${status} ${code}`);
  }
}

function csrf(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(path, { ...init, signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}

async function json<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await ask(ROOT + path, init);
  if (!response.ok) throw await refused(response);
  return (await response.json()) as T;
}

async function refused(response: Response): Promise<Refused> {
  const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
  const after = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  return new Refused(
    response.status,
    problem.code ?? "",
    problem.detail ?? "",
    Number.isFinite(after) ? after : null,
  );
}

export interface Offer {
  readonly project: string;
  readonly name: string;
  readonly purpose: string;
  readonly client: string;
  readonly currency: string;
  readonly per_hour: string;
}

export const offers = (): Promise<Offer[]> => json("/offers");
export const pack = (project: string): Promise<Pack> => json(`/projects/${project}/workbench`);
export const today = (): Promise<Today> => json("/today");
export const link = (media: string): Promise<Picture> => json(`/media/${media}/link`);

export async function lease(
  project: string,
  count: number,
  holding: readonly number[],
  most: number,
): Promise<Leased> {
  const body = JSON.stringify({ count, holding, max_bytes: most });
  try {
    return await json(`/projects/${project}/leases`, form(body));
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 403) throw error;
    // The page came from the phone's own memory, and the mark of its forms is gone or over: the server gives a new one.
    await ask("/bench/", { cache: "no-store" });
    return json(`/projects/${project}/leases`, form(body));
  }
}

function form(body: string): RequestInit {
  return {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
    body,
  };
}

/** False when the server could not be told: then the first request that gets through ends the session. */
export async function signOut(): Promise<boolean> {
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is missing in browsers that members have
  document.cookie = `palabre_leaving=1; path=/; max-age=31536000; samesite=lax${secure}`;
  const init = { method: "POST", headers: { "X-CSRFToken": csrf() }, redirect: "manual" } as const;
  return ask("/account/logout/", init).then(
    () => true,
    () => false,
  );
}

/** The content of a picture, when it is the one that the server meant; without cryptography its size must do. */
export async function picture(one: Picture): Promise<ArrayBuffer | null> {
  const response = await ask(one.path);
  if (response.status === 404) return null;
  if (!response.ok) throw await refused(response);
  const content = await response.arrayBuffer();
  const hash = await sha256(content);
  return content.byteLength === one.size && (hash === null || hash === one.sha256) ? content : null;
}

/** Posts an outbox with the token that can do nothing else, or as whoever is signed in. */
export function poster(token: () => Promise<string | null>): (body: string) => Promise<Reply> {
  return async (body) => {
    const secret = await token();
    const who: Record<string, string> = secret
      ? { Authorization: `Submit ${secret}` }
      : { "X-CSRFToken": csrf() };
    try {
      const response = await ask(`${ROOT}/sync`, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...who },
        credentials: secret ? "omit" : "same-origin",
        body,
      });
      return await replyOf(response);
    } catch {
      return { kind: "later", seconds: null };
    }
  };
}

async function replyOf(response: Response): Promise<Reply> {
  if (response.ok) {
    const said = (await response.json()) as { server_time: string; items: ItemOutcome[] };
    return { kind: "answered", ...said };
  }
  if (response.status === 401 || response.status === 403) return { kind: "signed_out" };
  if (response.status === 413) return { kind: "too_large" };
  return { kind: "later", seconds: (await refused(response)).after };
}

/** Whether the server answers at all within three seconds: `navigator.onLine` proves nothing. */
export async function reachable(): Promise<boolean> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), 3_000);
  try {
    const response = await fetch("/healthz", { cache: "no-store", credentials: "omit", signal: stop.signal });
    return response.ok;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
