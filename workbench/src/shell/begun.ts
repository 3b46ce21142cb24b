// Words begun in a window (a question, why she skips) and not sent yet: closing it by mistake or a reload loses none.

import * as screen from "./screen";
import type { Store } from "./store";

const PAUSE = 500;

export type Window = "ask" | "skip" | "flag";

const place = (window: Window, lease: number | null): string => `${window} ${lease ?? ""}`;

export class Begun {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: () => Store | undefined) {}

  async load(): Promise<void> {
    screen.begun.value = (await this.store()?.value("begun")) ?? {};
  }

  words(window: Window, lease: number | null): string {
    return screen.begun.value[place(window, lease)] ?? "";
  }

  type(window: Window, lease: number | null, text: string): void {
    screen.begun.value = { ...screen.begun.value, [place(window, lease)]: text };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.keep(), PAUSE);
  }

  /** They were sent, or the task that they are about is done. */
  async over(windows: readonly Window[], lease: number | null): Promise<void> {
    const gone = windows.map((window) => place(window, lease));
    const left = Object.entries(screen.begun.value).filter(([where]) => !gone.includes(where));
    if (left.length === Object.keys(screen.begun.value).length) return;
    screen.begun.value = Object.fromEntries(left);
    await this.keep();
  }

  async keep(): Promise<void> {
    clearTimeout(this.timer);
    await this.store()?.setValue("begun", screen.begun.value);
  }
}
