// Every sentence of the workbench in English. `fr.ts` has the same entries; the types hold the two together.

const s = (n: number, one: string, many: string): string => (n === 1 ? one : many);

export const en = {
  opening: "Opening your work…",
  name: "Palabre",
  home: "Home",
  close: "Close",
  menu: "Menu",
  guide: "Guideline",

  // Choosing
  chooseTitle: "What do you want to work on?",
  chooseNone: "There is no work on offer at the moment. What you sent is safe.",
  choosePerHour: (money: string) => `about ${money} an hour for you`,
  chooseOnDevice: (n: number) => s(n, "1 task is on this phone", `${n} tasks are on this phone`),
  forWhom: (client: string) => `For ${client}`,
  signIn: "Sign in",
  signedOutTitle: "Sign in to begin",
  signedOutText: "Then you get work, and what is kept on this phone goes on its way.",
  unreachableTitle: "The server does not answer",
  unreachableText: "There is no work on this phone yet. Connect once to take some with you.",
  tryAgain: "Try again",

  // Guideline
  guideTitle: "The guideline",
  guideFirst: "Read this once before you begin. Your reading time counts.",
  guideNew: "The guideline has changed",
  guideNewText: "Read what is new before your next answer. Your reading time counts.",
  guideWhatIsNew: "What is new",
  guideRead: "I have read it",
  guideBegin: "Begin",
  guideWaiting: "There is a new guideline. It comes before the next task.",
  guideOpen: "Read it now",
  guideVersion: (n: number) => `Version ${n}`,
  answersTitle: "Answers to questions",
  clientAnswered: "The client answered",
  purpose: "What it is for",

  // Task
  task: "Task",
  next: "Next",
  undo: "Undo",
  undoHold: "8 s",
  correctLast: "Correct",
  leaveIt: "Leave it as it was",
  below: "Answers",
  redo: "Redo",
  skip: "Skip",
  question: "Ask",
  flag: "Mark",
  required: "must be answered",
  several: "Several can be right",
  searchLabel: "Find a label",
  noneFound: "No label has these letters.",
  noteButton: "Add a note",
  noteLabel: "Note for the coordinator (optional)",
  correcting: "You are correcting an answer that you gave.",
  refusedTask: "The server could not take this answer. Please look at it again.",
  chosen: (n: number) => s(n, "1 chosen", `${n} chosen`),

  // Picture
  picture: "Picture of this task",
  zoomIn: "Larger",
  zoomOut: "Smaller",
  zoomFit: "Whole picture",
  pictureComing: "The picture is coming…",
  pictureMissing: "The picture can't be shown now. Try again, or put this task aside: you lose nothing.",
  pictureKeys: "Arrow keys move the picture, + and − change its size.",

  // Nothing to do
  waiting: "Getting work…",
  emptyTitle: "Nothing left to do here",
  emptyText: "Everything that was yours is done. New tasks may come later.",
  emptyOffline: "You have finished what was on this phone. More comes when you are connected.",
  emptyPaused: "This project gives out no work at the moment. What you did is safe and paid.",
  emptyFull: "This phone has no room for more pictures. Send what is kept first.",
  otherWork: "Other work",

  // Kept and received
  kept: "Kept on this phone",
  received: (n: number) => s(n, "1 answer received", `${n} answers received`),
  keptCount: (n: number) => `${n} kept here`,
  receivedCount: (n: number) => `${n} received`,
  readyCount: (n: number) => `${n} to do`,
  undone: "Taken back. Your answer is open again.",
  skipped: "Skipped. Your time counts.",
  skippedTask: "You skipped it.",
  flagged: "Marked. You can go on.",
  asked: "Your question is kept and will be sent.",
  put: "Put aside. It comes back after the others.",
  sendNow: "Send now",
  sending: "Sending…",
  sendLater: (minutes: number) =>
    minutes < 1
      ? "No connection. It tries again by itself."
      : `No connection. It tries again by itself in ${minutes} min.`,
  sentAll: "Everything is sent.",
  refusedCount: (n: number) => s(n, "1 answer needs you", `${n} answers need you`),
  handedCount: (n: number) =>
    s(
      n,
      "1 thing you sent is kept: somebody will look at it.",
      `${n} things you sent are kept: somebody will look at them.`,
    ),
  look: "Look",
  handedWhat: "received; somebody will look at it",
  handedSeen: "I have seen it",
  fromHere: (answer: string) => `Sent from this phone: ${answer || "–"}`,
  twoAnswers: "received; another answer of yours to this task is here, and both are kept",
  twoChoose: "See both and choose",
  twoCount: (n: number) =>
    s(
      n,
      "You gave two answers to one task. Both are kept.",
      `You gave two answers to ${n} tasks. All are kept.`,
    ),
  statusOlder: "received; you gave a newer answer, and that one counts",
  refusedWhat: "could not be taken",
  refusedRetry: "Send it again",
  refusedAsk: "Tell the coordinator",
  refusedTell: (what: string, why: string) =>
    `The server refuses this: ${what}. It says: ${why || "nothing"}`,
  timeOf: (time: string, at: Date) => `${time} of working time, ${at.toLocaleDateString("en")}`,
  sentAt: (at: Date) => `Sent on ${at.toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })}`,
  reopen: "Open it",
  othersWait: (n: number) =>
    s(
      n,
      "1 answer of somebody else waits for a connection",
      `${n} answers of somebody else wait for a connection`,
    ),

  // Skip, mark, ask
  skipTitle: "Why do you skip it?",
  skipText: "Skipping is fine, and your time counts.",
  skipUnclear: "I do not understand what is asked",
  skipBroken: "It is broken or empty",
  skipHarmful: "It is hard to bear",
  skipLanguage: "I do not know the language well enough",
  skipOther: "Something else",
  flagTitle: "What should somebody look at?",
  flagText: "The task stays yours; you can still answer it.",
  flagHarmful: "It is hard to bear",
  flagPersonal: "It shows who somebody is",
  flagWrong: "Something in it is wrong",
  flagHard: "It is a hard case, good for the guideline",
  flagOther: "Something else",
  comment: "In your words (optional)",
  askTitle: "Ask the coordinator",
  askText: "Your question",
  askTime: "Asking is working time. The answer comes back to you here.",
  askEmpty: "Write your question first.",
  askAside: "Put this task aside until the answer comes",
  send: "Send",

  // Clock
  today: "Today",
  clockToday: (time: string) => `${time} counted today`,
  clockFloor: (money: string) => `At least ${money} for each counted hour`,
  clockSoFar: (money: string) => `${money} so far today`,
  clockHint: "All working time counts: reading, looking, asking, waiting for us.",
  clockShow: "Show the clock on top",
  outside: "I am looking something up elsewhere",
  outsideSaid: "Fine: up to five minutes elsewhere are counted.",
  gapTitle: (minutes: number) =>
    s(minutes, "1 minute without a gesture", `${minutes} minutes without a gesture`),
  gapText: "Only you know what it was.",
  gapWorking: "I was working on it",
  gapAway: "I was away",
  gapAt: (when: string) => `at ${when}`,

  // Two windows
  elsewhereTitle: "Your work is open in another window",
  elsewhereText: "Nothing is lost. You can go on here instead.",
  elsewhereTake: "Go on here",

  // Menu
  settings: "Settings",
  language: "Language",
  keysOn: "Keyboard keys",
  keysSheet: "Keys",
  keysNone: "Keys are switched off. You can switch them on in the settings.",
  lastAnswers: "Your last answers",
  lastNone: "No answer of this project is on this phone yet.",
  correct: "Correct it",
  waitingTasks: "Put aside",
  pinned: "The phone will not throw away what Palabre keeps on it.",
  notPinned:
    "When it is full, the phone may clear what Palabre keeps on it. Put Palabre on the home screen to prevent that.",
  newVersion: "A new version is ready.",
  newVersionUse: "Use it now",
  saveFile: "Save unsent answers to a file",
  openFile: "Send answers from a file",
  fileNot: "This phone can't put it into a file yet. It goes by itself when there is a connection.",
  fileBad: "This file is damaged or is not from Palabre.",
  fileTaken: (n: number) => s(n, "1 answer taken from the file.", `${n} answers taken from the file.`),
  fileSaved: "Saved. The file can be sent from any phone that has Palabre.",
  signOut: "Sign out",
  signOutTitle: "Sign out",
  signOutUnsent: (n: number) =>
    s(
      n,
      "1 answer is not sent yet. It will not be lost.",
      `${n} answers are not sent yet. They will not be lost.`,
    ),
  signOutText: "Your work stays locked on this phone until you sign in again.",
  signOutSend: (kb: string) => `Send now (${kb} kB)`,
  signOutKeep: "Keep on this phone and sign out",
  lockedTitle: "Locked",
  lockedText:
    "You are signed out, here or on another device. What you answered before is kept and sent. Sign in to go on where you were.",
  leaving: "Signing out…",
  signOutLater:
    "There is no connection. Your work is locked on this phone, and your session ends as soon as there is one. You can close this page.",
  receiptOf: (number: string) => `Receipt ${number}`,
  statusReceived: "received",
  statusKept: "kept on this phone",
  statusLate: "received late: it is kept and paid",

  // Trouble
  storageTight: "This phone is almost full. Your answers are still kept. Make room soon.",
  storageFailed:
    "This phone can't save any more. Do not close this page: make room on the phone, then try again.",
  tooOld: "Your browser is too old for the workbench. Update it, or use another one.",
  wentWrong: "Something went wrong. Your work is kept.",
};

export type Catalogue = typeof en;
