// The calls to the server. Nothing here retries: whoever calls knows what a failure means.

import { sha256 } from "./ids";
import type { Reply } from "./sender";
import type { ItemOutcome, Langs, Leased, Pack, Picture, Today } from "./types";

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
  readonly langs?: Langs;
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

/** The token that sends the outbox of one account and does nothing else. */
export interface Secret {
  token(): Promise<string | null>;
  /** The server knows it no more, while the session of the same account is good. */
  over(token: string): Promise<void>;
}

/**
 * Posts an outbox with the token of its account. Where that is missing or over, her own session may do it, if
 * there is one (`mine`): the server refuses a session of anybody else, because the outbox names its account.
 */
export function poster(secret: Secret, mine: () => boolean): (body: string) => Promise<Reply> {
  return async (body) => {
    try {
      const token = await secret.token();
      const first = token === null ? null : await replyOf(await sync(body, token));
      if (first && (first.kind !== "signed_out" || !mine())) return first;
      if (!mine()) return { kind: "signed_out", session: false };
      const reply = await bySession(body);
      if (token !== null && reply.kind === "answered") await secret.over(token);
      return reply;
    } catch {
      return { kind: "later", seconds: null };
    }
  };
}

/** A 403 may only mean that the mark of its forms is gone: the server gives a new one, and says no again if it is not that. */
async function bySession(body: string): Promise<Reply> {
  const response = await sync(body, null);
  if (response.status === 401) return { kind: "signed_out", session: true };
  if (response.status !== 403) return replyOf(response);
  await ask("/bench/", { cache: "no-store" });
  return replyOf(await sync(body, null));
}

function sync(body: string, token: string | null): Promise<Response> {
  const who: Record<string, string> = token
    ? { Authorization: `Submit ${token}` }
    : { "X-CSRFToken": csrf() };
  return ask(`${ROOT}/sync`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...who },
    credentials: token ? "omit" : "same-origin",
    body,
  });
}

/** Only the server's own word refuses: a page of somebody on the way (a hotel's network) is tried again later. */
async function replyOf(response: Response): Promise<Reply> {
  if (response.ok) {
    const said = (await response.json()) as { server_time: string; items: ItemOutcome[] };
    return { kind: "answered", ...said };
  }
  const { status } = response;
  if (status === 401 || status === 403) return { kind: "signed_out", session: false };
  if (status === 413) return { kind: "too_large" };
  const ours = (response.headers.get("Content-Type") ?? "").startsWith("application/problem+json");
  const { detail, after } = await refused(response);
  if (status === 500) return { kind: "failed", seconds: after };
  const busy = status === 408 || status === 425 || status === 429 || status > 500;
  return ours && !busy ? { kind: "refused", why: detail } : { kind: "later", seconds: after };
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
