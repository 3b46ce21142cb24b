// What can be done with a task, as data: buttons, keys and the sheet of keys all read this list.

import type { Bench } from "../shell/bench";
import { pressed } from "../shell/keys";
import * as screen from "../shell/screen";
import type { Catalogue } from "../words/en";

export interface Action {
  readonly name: "next" | "undo" | "redo" | "skip" | "question" | "flag" | "guide" | "keys";
  readonly label: (words: Catalogue) => string;
  /** As the sheet of keys shows it. */
  readonly keys: string;
  /** A single letter: off when she has switched keys off. */
  readonly letter: boolean;
  readonly keyTest: (event: KeyboardEvent) => boolean;
  readonly predicate: (bench: Bench) => boolean;
  readonly perform: (bench: Bench) => void;
}

const working = (): boolean => screen.view.value.name === "task" && screen.open.value !== null;
const chord = (event: KeyboardEvent): boolean => event.ctrlKey || event.metaKey;
const plain = (event: KeyboardEvent): boolean => !chord(event) && !event.altKey;
const shifted = (letter: string) => (event: KeyboardEvent) =>
  plain(event) && event.shiftKey && event.key.toLowerCase() === letter;

export const ACTIONS: readonly Action[] = [
  {
    name: "next",
    label: (words) => words.next,
    keys: "Enter · Ctrl+Enter",
    letter: false,
    keyTest: (event) => event.key === "Enter" && !event.altKey && !event.shiftKey,
    predicate: working,
    perform: (bench) => void forward(bench),
  },
  {
    name: "undo",
    label: (words) => (screen.undoes.value === "answer" ? words.correctLast : words.undo),
    keys: "Ctrl+Z",
    letter: false,
    keyTest: (event) => chord(event) && !event.shiftKey && event.key.toLowerCase() === "z",
    predicate: () => screen.undoes.value !== null,
    perform: (bench) => void bench.undo(),
  },
  {
    name: "redo",
    label: (words) => words.redo,
    keys: "Ctrl+Shift+Z",
    letter: false,
    keyTest: (event) => chord(event) && event.shiftKey && event.key.toLowerCase() === "z",
    predicate: () => screen.history.value.undone.length > 0,
    perform: (bench) => bench.redo(),
  },
  {
    name: "skip",
    label: (words) => words.skip,
    keys: "Shift+S",
    letter: true,
    keyTest: shifted("s"),
    predicate: working,
    perform: () => show("skip"),
  },
  {
    name: "question",
    label: (words) => words.question,
    keys: "Shift+Q",
    letter: true,
    keyTest: shifted("q"),
    predicate: working,
    perform: (bench) => {
      void bench.askBegins();
      show("ask");
    },
  },
  {
    name: "flag",
    label: (words) => words.flag,
    keys: "Shift+F",
    letter: true,
    keyTest: shifted("f"),
    predicate: working,
    perform: () => show("flag"),
  },
  {
    name: "guide",
    label: (words) => words.guide,
    keys: "Shift+G",
    letter: true,
    keyTest: shifted("g"),
    predicate: () => screen.pack.value !== null && screen.view.value.name !== "guideline",
    perform: (bench) => {
      void bench.reading(true);
      show("guide");
    },
  },
  {
    name: "keys",
    label: (words) => words.keysSheet,
    keys: "?",
    letter: true,
    keyTest: (event) => plain(event) && event.key === "?",
    predicate: () => true,
    perform: () => show("keys"),
  },
];

export function action(name: Action["name"]): Action {
  const found = ACTIONS.find((one) => one.name === name);
  if (!found) throw new TypeError(name);
  return found;
}

export function show(panel: screen.Panel): void {
  screen.panel.value = panel;
}

/** Next, or the first question that still wants an answer. */
async function forward(bench: Bench): Promise<void> {
  const wanting = bench.unanswered();
  if (wanting) {
    screen.wanting.value = { name: wanting.name };
    return;
  }
  screen.wanting.value = null;
  await bench.next();
}

const TYPED = "textarea, input:not([type=radio]):not([type=checkbox]), select";

/** One listener for the whole page. */
export function onKey(bench: Bench, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || screen.panel.value !== null) return;
  const target = event.target instanceof Element ? event.target : document.body;
  const typing = target.matches(TYPED);
  if (typing && !chord(event)) return;
  if (typing && event.key.toLowerCase() === "z") return;
  // On a button, Enter is the button's.
  if (event.key === "Enter" && !chord(event) && target.closest("button, a, summary, [role=button]")) return;
  const found = ACTIONS.find((one) => one.keyTest(event) && one.predicate(bench));
  if (found && (screen.keysOn.value || !found.letter)) {
    event.preventDefault();
    found.perform(bench);
    return;
  }
  if (screen.keysOn.value && plain(event)) pick(bench, event);
}

function pick(bench: Bench, event: KeyboardEvent): void {
  const key = pressed(event);
  const hit = screen.labelKeysNow.value.find((one) => one.key === key);
  if (!hit || !working()) return;
  event.preventDefault();
  bench.entering.pick(hit.question, hit.value);
}
