// Time on its way: from what the clock measured to what is sent, and back when an answer is taken back.

import { newKey } from "./ids";
import type { Item, Slice, Tx } from "./store";
import { iso } from "./times";
import type { SentSlice } from "./types";

/** As many slices as one item takes. */
export const MOST_SLICES = 400;
/** Longer than this is more than one piece: a page that was left open over a weekend, and she was at work. */
export const LONGEST = 12 * 3_600_000;

/** Whole milliseconds, none below zero, and no piece longer than half a day: what no server has to refuse. */
export function pieces(slice: Slice): Slice[] {
  const whole = Number.isFinite(slice.ms) ? Math.max(0, Math.round(slice.ms)) : 0;
  if (whole <= LONGEST) return [{ ...slice, ms: whole }];
  const parts: Slice[] = [];
  for (let from = 0; from < whole; from += LONGEST) {
    const key = from === 0 ? slice.key : newKey();
    parts.push({ ...slice, key, started: slice.started + from, ms: Math.min(LONGEST, whole - from) });
  }
  return parts;
}

export function sent(slice: Slice): SentSlice {
  return { key: slice.key, kind: slice.kind, started_at: iso(slice.started), ms: slice.ms };
}

/** The slices of a frozen item, for when it is taken back or another takes its place. */
export function slicesIn(item: Item): Slice[] {
  const { slices } = JSON.parse(item.body) as { slices: SentSlice[] };
  return slices.map((slice) => ({
    key: slice.key,
    kind: slice.kind,
    lease: item.lease,
    project: item.project,
    started: Date.parse(slice.started_at) + item.shift,
    ms: slice.ms,
    segment: item.segment,
  }));
}

/** The oldest slices that one item takes, in pieces; they are its from now on. */
export async function takeSlices(tx: Tx, wanted: (slice: Slice) => boolean): Promise<Slice[]> {
  const kept = (await tx.objectStore("slices").getAll()).filter((slice) => wanted(slice) && slice.ms >= 1);
  kept.sort((a, b) => a.started - b.started);
  const taken: Slice[] = [];
  for (const slice of kept) {
    const parts = pieces(slice);
    if (taken.length && taken.length + parts.length > MOST_SLICES) break;
    taken.push(...parts);
    await tx.objectStore("slices").delete(slice.key);
  }
  return taken;
}

/** An item goes, its time stays: it is sent with the next item, and counts once, because its keys are the same. */
export async function keepTimeOf(tx: Tx, item: Item): Promise<void> {
  for (const slice of slicesIn(item)) await tx.objectStore("slices").put(slice);
}
