// What she enters on the open task: on the screen at once, then line by line in its journal.

import { picked } from "./answers";
import type { Desk } from "./desk";
import { type Command, step } from "./journal";
import * as screen from "./screen";
import type { Task } from "./store";
import type { Question } from "./types";

const FLUSH = 500;

export class Entering {
  private seq = 0;
  private writing: Promise<unknown> = Promise.resolve();
  private typing: ReturnType<typeof setTimeout> | undefined;
  /** The phone was full: lines of the journal are missing, and the next one brings the whole. */
  private behind = false;

  constructor(private readonly desk: () => Desk | null) {}

  /** A task is opened, whose journal has `seq` lines. */
  begin(seq: number): void {
    this.seq = seq;
    this.behind = false;
  }

  /** A tap on a label, or its key. */
  pick(question: Question, label: string): void {
    this.commitTyped();
    const value = picked(question, screen.draft.value[question.name] ?? [], label);
    this.command({ op: "set", q: question.name, value });
    if (screen.wanting.value?.name === question.name) screen.wanting.value = null;
  }

  /** Typing: on the screen at each letter, in the journal at each pause. */
  type(q: string, text: string): void {
    if (screen.typed.value && screen.typed.value.q !== q) this.commitTyped();
    screen.typed.value = { q, value: [text] };
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.commitTyped(), FLUSH);
  }

  commitTyped(): void {
    clearTimeout(this.typing);
    const typed = screen.typed.value;
    if (!typed) return;
    this.command({ op: "set", ...typed });
    screen.typed.value = null;
  }

  command(command: Command): void {
    const open = screen.open.value;
    const desk = this.desk();
    if (!open || !desk) return;
    const history = step(screen.history.value, command);
    if (history === screen.history.value) return;
    screen.history.value = history;
    this.writing = this.writing.then(async () => {
      const now = screen.open.value;
      if (now?.task.lease !== open.task.lease) return;
      const written = await desk.write(now.task, this.seq, command, history, this.behind);
      this.begin(written.seq);
      if (screen.open.value?.task.lease === open.task.lease)
        screen.open.value = { ...now, task: written.task };
    });
    this.writing = this.writing.catch(() => {
      this.behind = true;
    });
  }

  /** What was entered so far is in the journal, as far as the phone can save. */
  async written(): Promise<void> {
    await this.writing;
  }

  /** What a full phone did not take is brought before the task is sealed. */
  async catchUp(task: Task): Promise<void> {
    if (this.behind) await this.desk()?.catchUp(task.lease, this.seq, screen.history.value);
    this.behind = false;
  }
}
