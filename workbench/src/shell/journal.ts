// What she entered, as a list of commands: undo and redo without end, and nothing to lose in a crash.

/** What one question holds now; the name "" is the note about the whole task. */
export interface Change {
  readonly q: string;
  readonly value: readonly string[];
}

export type Command =
  | { readonly op: "set"; readonly q: string; readonly value: readonly string[] }
  | { readonly op: "undo" }
  | { readonly op: "redo" };

export interface History {
  readonly done: readonly Change[];
  readonly undone: readonly Change[];
}

/** A line of the journal as the database keeps it, under [lease, seq]. */
export type Entry = { readonly lease: number; readonly seq: number } & (
  | { readonly command: Command }
  | { readonly snapshot: History }
);

export type Draft = Readonly<Record<string, readonly string[]>>;

export const SNAPSHOT_EVERY = 50;
export const NOTE = "";
export const EMPTY: History = { done: [], undone: [] };

export function step(history: History, command: Command): History {
  if (command.op === "set") {
    return { done: [...history.done, { q: command.q, value: command.value }], undone: [] };
  }
  const from = command.op === "undo" ? history.done : history.undone;
  const last = from[from.length - 1];
  if (!last) return history;
  const rest = from.slice(0, -1);
  return command.op === "undo"
    ? { done: rest, undone: [...history.undone, last] }
    : { done: [...history.done, last], undone: rest };
}

export function draftOf(history: History): Draft {
  const draft: Record<string, readonly string[]> = {};
  for (const change of history.done) draft[change.q] = change.value;
  return draft;
}

/** The history that lines of one task make, whatever order the database gives them in. */
export function replay(entries: readonly Entry[]): { history: History; seq: number } {
  const lines = [...entries].sort((a, b) => a.seq - b.seq);
  let history = EMPTY;
  for (const line of lines) history = "snapshot" in line ? line.snapshot : step(history, line.command);
  return { history, seq: lines[lines.length - 1]?.seq ?? 0 };
}

/** The lines that one command adds: itself, and a snapshot after every 50th, or when lines before it are missing. */
export function linesFor(
  lease: number,
  seq: number,
  command: Command,
  history: History,
  gap = false,
): Entry[] {
  const lines: Entry[] = [{ lease, seq: seq + 1, command }];
  const due = (seq + 1) % SNAPSHOT_EVERY === SNAPSHOT_EVERY - 1;
  if (due || gap) lines.push({ lease, seq: seq + 2, snapshot: history });
  return lines;
}
