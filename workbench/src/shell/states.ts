// The states of a task on the device (section 2b of the reference): a table, so that no way in is forgotten.

export type State =
  | "leased" // handed out, its picture still to come
  | "ready" // everything is here
  | "draft" // something was entered
  | "parked" // put aside
  | "sealed" // she said Next: kept on the device, can be taken back
  | "queued" // waits for the link
  | "acked" // the server has it
  | "quarantine" // refused with a reason: she can put it right
  | "lapsed" // its time was over before anything was entered
  | "revoked"; // the server took it back

export type Move =
  | "files"
  | "input"
  | "park"
  | "resume"
  | "seal"
  | "undo"
  | "release"
  | "acknowledge"
  | "refuse"
  | "correct"
  | "retry"
  | "lapse"
  | "revoke";

const MOVES: Readonly<Record<State, Partial<Record<Move, State>>>> = {
  // It may be on the screen while its picture is still coming, or can't be had: she may skip it.
  leased: {
    files: "ready",
    input: "draft",
    park: "parked",
    seal: "sealed",
    lapse: "lapsed",
    revoke: "revoked",
  },
  // A task can be skipped before anything is entered, so `seal` starts here too.
  ready: { input: "draft", park: "parked", seal: "sealed", lapse: "lapsed", revoke: "revoked" },
  draft: { input: "draft", park: "parked", seal: "sealed", revoke: "revoked" },
  parked: { resume: "draft", revoke: "revoked" },
  sealed: { undo: "draft", release: "queued", revoke: "revoked" },
  queued: { acknowledge: "acked", refuse: "quarantine", correct: "draft", revoke: "revoked" },
  acked: { correct: "draft", revoke: "revoked" },
  quarantine: { correct: "draft", retry: "queued", revoke: "revoked" },
  lapsed: {},
  revoked: {},
};

/** Where a move leads, or nothing when it can't be made from there. */
export function reached(state: State, move: Move): State | null {
  return MOVES[state][move] ?? null;
}

/** Whether she has put anything into the task: such a task never lapses on the device. */
export function touched(state: State): boolean {
  return state !== "leased" && state !== "ready" && state !== "lapsed";
}

/** Tasks that wait for her: what is begun first, what was put aside last. */
export const OPEN: readonly State[] = ["draft", "ready", "leased", "parked"];
