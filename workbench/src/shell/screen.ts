// What the screen shows, as signals: the bench writes them, components read them.

import { computed, signal } from "@preact/signals";
import type { Offer } from "./api";
import { type Change, type Draft, draftOf, EMPTY, type History } from "./journal";
import { labelKeys } from "./keys";
import type { Gap, KeptPack, Task } from "./store";
import type { Schema } from "./types";

export type Empty = "done" | "offline" | "paused" | "full" | "asking";

export type View =
  | { readonly name: "opening" }
  | { readonly name: "choose" }
  | { readonly name: "guideline" }
  | { readonly name: "task" }
  | { readonly name: "empty"; readonly why: Empty }
  | { readonly name: "elsewhere"; readonly lock: string }
  | { readonly name: "signed_out" }
  | { readonly name: "locked"; readonly why: "leaving" | "left" | "ended" }
  | { readonly name: "unreachable" };

export interface Open {
  readonly task: Task;
  readonly schema: Schema;
  readonly correction: boolean;
}

/** Next was said and can be taken back until then (monotonic). */
export interface Held {
  readonly key: string;
  readonly lease: number;
  readonly skipped: boolean;
}

export type Link = "unknown" | "here" | "gone";

export const view = signal<View>({ name: "opening" });
export const pack = signal<KeptPack | null>(null);
export const offers = signal<readonly Offer[]>([]);
export const packs = signal<readonly (KeptPack & { ready: number })[]>([]);
export const open = signal<Open | null>(null);
export const history = signal<History>(EMPTY);
/** What is being typed and not yet in the journal. */
export const typed = signal<Change | null>(null);
export const draft = computed<Draft>(() => {
  const kept = draftOf(history.value);
  return typed.value ? { ...kept, [typed.value.q]: typed.value.value } : kept;
});
/** Words of windows that are not sent yet, by window and task. */
export const begun = signal<Readonly<Record<string, string>>>({});
/** The question that Next has found without an answer: a new object each time, so that focus goes there again. */
export const wanting = signal<{ readonly name: string } | null>(null);
export const labelKeysNow = computed(() => (open.value ? labelKeys(open.value.schema) : []));
export const held = signal<Held | null>(null);
/** Her last answer that has left and can be corrected. */
export const last = signal<number | null>(null);
/** What the first button of the bar does: take back a change, take Next back, or open the last answer again. */
export const undoes = computed<"change" | "next" | "answer" | null>(() => {
  if (history.value.done.length > 0 || typed.value !== null) return "change";
  if (held.value !== null) return "next";
  return last.value === null ? null : "answer";
});
export const link = signal<Link>("unknown");
const NONE = { kept: 0, received: 0, refused: 0, handed: 0, twice: 0, ready: 0 };
export const counts = signal(NONE);
export const todayMs = signal(0);
export const sending = signal(false);
export const retryAt = signal<number | null>(null);
export const othersWait = signal(0);
export const gaps = signal<readonly Gap[]>([]);
export const newVersion = signal<(() => void) | null>(null);
/** The bar is too tall to stay: letters are very large, or the screen is very low. */
export const flows = signal(false);
export const trouble = signal<"tight" | "failed" | null>(null);

/** The dialog that is open; one at a time. */
export type Panel =
  | "guide"
  | "skip"
  | "flag"
  | "ask"
  | "menu"
  | "clock"
  | "keys"
  | "answers"
  | "sign-out"
  | null;
export const panel = signal<Panel>(null);

export const keysOn = signal(!matchMedia("(pointer: coarse)").matches);
export const clockShown = signal(true);

/** A guideline that she has not read yet. */
export const unread = computed(() => {
  const one = pack.value;
  return one !== null && one.guideline.version > one.read;
});

/** Nothing of hers stays on the screen, nor behind it. */
export function blank(): void {
  panel.value = pack.value = open.value = held.value = typed.value = wanting.value = retryAt.value = null;
  last.value = null;
  history.value = EMPTY;
  packs.value = offers.value = gaps.value = [];
  begun.value = {};
  counts.value = NONE;
  todayMs.value = 0;
}

// -- the one status region ---------------------------------------------------------------------

export const status = signal("");
const LEAST_APART = 2_000;
const LASTS = 6_000;
let saidAt = Number.NEGATIVE_INFINITY;
let waiting: ReturnType<typeof setTimeout> | undefined;

/** At most one message in two seconds; of those in between, the last one is said. */
export function say(text: string): void {
  clearTimeout(waiting);
  const wait = saidAt + LEAST_APART - performance.now();
  if (wait > 0) {
    waiting = setTimeout(() => say(text), wait);
    return;
  }
  saidAt = performance.now();
  status.value = text;
  waiting = setTimeout(() => {
    status.value = "";
  }, LASTS);
}
