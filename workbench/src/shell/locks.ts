// One window works on a task, one sends: the others wait calmly (section 2d of the reference).

import { pause } from "./ids";

/** The first window has so long to put everything on the disk. */
const PATIENCE = 2_000;

interface Call {
  readonly take: string;
}

export class Locks {
  private held: { name: string; release: () => void } | null = null;
  private readonly channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("palabre-bench") : null;

  /** `onLost`: another window goes on with the task; everything of it is to be put on the disk now. */
  constructor(private readonly onLost: () => Promise<void>) {
    this.channel?.addEventListener("message", (event: MessageEvent<Call>) => void this.asked(event.data));
  }

  /** Holds a name until it is released or taken. False: another window has it. */
  async hold(name: string): Promise<boolean> {
    if (this.held?.name === name) return true;
    this.release();
    if (!navigator.locks) return true;
    return this.request(name, { ifAvailable: true });
  }

  /** Asks the window that has the name to save and let go; takes it after two seconds all the same. */
  async take(name: string): Promise<boolean> {
    this.release();
    if (!navigator.locks) return true;
    this.channel?.postMessage({ take: name } satisfies Call);
    for (let waited = 0; waited < PATIENCE; waited += 100) {
      if (await this.request(name, { ifAvailable: true })) return true;
      await pause(100);
    }
    return this.request(name, { steal: true });
  }

  release(): void {
    this.held?.release();
    this.held = null;
  }

  private async asked(call: Call): Promise<void> {
    if (this.held?.name !== call.take) return;
    await this.onLost().catch(() => undefined);
    this.release();
  }

  private request(name: string, options: LockOptions): Promise<boolean> {
    return new Promise((answer) => {
      const held = navigator.locks.request(name, options, (lock) => {
        answer(lock !== null);
        if (!lock) return undefined;
        return new Promise<void>((release) => {
          this.held = { name, release };
        });
      });
      held.catch(() => {
        // Another window took it without waiting.
        if (this.held?.name !== name) return answer(false);
        this.held = null;
        void this.onLost();
      });
    });
  }
}

/** Runs work that only one window does at a time; nothing when another one does it already. */
export async function alone(name: string, work: () => Promise<void>): Promise<void> {
  if (!navigator.locks) return work();
  await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
  });
}
