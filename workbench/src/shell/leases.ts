// Work for the road: packs, tasks and their pictures, fetched ahead and checked before they are used.

import * as api from "./api";
import { OPEN, touched } from "./states";
import type { KeptPack, KeptPicture, Store, Task } from "./store";
import type { Times } from "./times";
import type { Leased, Pack, Picture, Schema } from "./types";

/** Ask for more when fewer than this are left. */
export const LOW = 8;
export const COUNT = 20;
const MOST_BYTES = 60_000;
const MOST_ON_DISK = 50_000_000;
const KEPT_PICTURES = 10;

/** Tasks that were asked for, and when (monotonic). */
export interface Early {
  readonly began: number;
  readonly said: Promise<Leased>;
}

/** Asks for tasks; those that the device holds already are named, the others of hers come first. */
export function ask(project: string, began: number, held: readonly Task[] = []): Early {
  const leases = held.map((task) => task.lease);
  const said = api.lease(project, COUNT, leases, MOST_BYTES);
  said.catch(() => undefined);
  return { began, said };
}

export class Leases {
  constructor(
    private readonly store: Store,
    private readonly times: Times,
    private readonly learn: (serverTime: string, began: number) => Promise<void>,
  ) {}

  /** Keeps what the server says of a project; what she has read of its guideline stays. */
  async keepPack(pack: Pack): Promise<KeptPack> {
    return this.store.write(["packs", "schemas"], async (tx) => {
      const before = await tx.objectStore("packs").get(pack.project.id);
      const kept: KeptPack = { ...pack, fetched: this.times.now(), read: before?.read ?? 0 };
      await tx.objectStore("packs").put(kept);
      const { version, body } = pack.schema;
      await tx.objectStore("schemas").put({ project: pack.project.id, version, body });
      return kept;
    });
  }

  pack(project: string): Promise<KeptPack | undefined> {
    return this.store.read((db) => db.get("packs", project));
  }

  packs(): Promise<KeptPack[]> {
    return this.store.read((db) => db.getAll("packs"));
  }

  async schema(task: Task): Promise<Schema | null> {
    const kept = await this.store.read((db) => db.get("schemas", [task.project, task.schema]));
    return kept?.body ?? null;
  }

  /** She has read this version of the guideline: from here on she answers under it. */
  async acknowledge(project: string, version: number): Promise<void> {
    await this.store.write(["packs"], async (tx) => {
      const kept = await tx.objectStore("packs").get(project);
      if (kept) await tx.objectStore("packs").put({ ...kept, read: Math.max(kept.read, version) });
    });
  }

  async tasks(project: string): Promise<Task[]> {
    const all = await this.store.read((db) => db.getAll("tasks"));
    return all.filter((task) => task.project === project);
  }

  /** What to do next, of what is not over: what was begun, then the oldest that is ready, then what was put aside. */
  async next(project: string, except: ReadonlySet<number> = new Set()): Promise<Task | null> {
    const now = this.times.now();
    const tasks = (await this.tasks(project)).filter(
      (task) =>
        OPEN.includes(task.state) && !except.has(task.lease) && (touched(task.state) || task.expires > now),
    );
    const rank = (task: Task) => OPEN.indexOf(task.state);
    tasks.sort((a, b) => rank(a) - rank(b) || a.order - b.order);
    return tasks[0] ?? null;
  }

  /** Tasks that nobody touched and whose time is over go back; a task with one input never does. */
  async lapse(): Promise<number> {
    const now = this.times.now();
    return this.store.write(["tasks"], async (tx) => {
      const tasks = await tx.objectStore("tasks").getAll();
      const over = tasks.filter((task) => !touched(task.state) && task.expires < now);
      for (const task of over) await tx.objectStore("tasks").delete(task.lease);
      return over.length;
    });
  }

  /** Asks for tasks and keeps them with the token that sends their answers, unless the phone has no room. */
  async fetch(project: string, early?: Early | null): Promise<{ full: boolean }> {
    if (await this.full()) return { full: true };
    const held = (await this.tasks(project)).filter((task) => task.state !== "acked");
    const asked = early ?? ask(project, this.times.mono(), held);
    const leased = await asked.said;
    // Somebody else has signed in meanwhile, and these tasks are hers.
    if (leased.account !== this.store.account) throw new api.Refused(401, "work.other_account", "", null);
    await this.learn(leased.server_time, asked.began);
    await this.keep(project, leased);
    return { full: false };
  }

  private keep(project: string, leased: Leased): Promise<number> {
    const now = this.times.now();
    const token = { token: leased.submit_token, got: now };
    return this.store.write(["tasks", "values", "pictures"], async (tx) => {
      await tx.objectStore("values").put({ name: "token", value: token });
      const pictures = new Map(leased.pictures.map((one) => [one.id, one]));
      let added = 0;
      for (const one of leased.tasks) {
        if (await tx.objectStore("tasks").get(one.lease)) continue;
        const picture = one.media === null ? undefined : pictures.get(one.media);
        await tx.objectStore("tasks").put({
          ...one,
          project,
          state: picture ? "leased" : "ready",
          revision: 1,
          schema: leased.schema_version,
          guideline: leased.guideline_version,
          expires: Date.parse(leased.expires_at),
          changed: now,
          order: now + added / 1000,
        });
        if (picture) this.known.set(picture.id, picture);
        added += 1;
      }
      return added;
    });
  }

  private readonly known = new Map<string, Picture>();
  private readonly coming = new Map<string, Promise<Blob | null>>();

  /** The picture of a task: from the device, or fetched, checked and kept. None: it can't be had now. */
  picture(task: Task): Promise<Blob | null> {
    const id = task.media;
    if (id === null) return Promise.resolve(null);
    const coming = this.coming.get(id) ?? this.bring(id).finally(() => this.coming.delete(id));
    this.coming.set(id, coming);
    return coming;
  }

  private async bring(id: string): Promise<Blob | null> {
    const kept = await this.store.read((db) => db.get("pictures", id));
    if (kept) return kept.blob;
    // After a restart, or when its address is over or its content was damaged, the server is asked again.
    let known = this.known.get(id) ?? (await api.link(id));
    let content = await api.picture(known);
    if (!content) {
      known = await api.link(id);
      content = await api.picture(known);
    }
    if (!content) return null;
    const blob = new Blob([content], { type: "image/webp" });
    await this.store.write(["pictures"], (tx) => tx.objectStore("pictures").put({ ...known, blob }), false);
    return blob;
  }

  /** Fetches pictures ahead: all on a free link, the next two where she pays for each byte. */
  async fetchAhead(project: string, sparing: boolean): Promise<void> {
    const waiting = (await this.tasks(project)).filter((task) => task.state === "leased");
    waiting.sort((a, b) => a.order - b.order);
    for (const task of sparing ? waiting.slice(0, 2) : waiting) {
      if (await this.picture(task)) await this.arrived(task.lease);
    }
  }

  private arrived(lease: number): Promise<void> {
    return this.store.write(
      ["tasks"],
      async (tx) => {
        const task = await tx.objectStore("tasks").get(lease);
        if (task?.state === "leased") await tx.objectStore("tasks").put({ ...task, state: "ready" });
      },
      false,
    );
  }

  /** Pictures of answers that were received go, but for the last few, which she may want to correct. */
  async dropPictures(): Promise<void> {
    await this.store.write(
      ["pictures", "tasks"],
      async (tx) => {
        const tasks = await tx.objectStore("tasks").getAll();
        const acked = tasks.filter((task) => task.state === "acked").sort((a, b) => b.changed - a.changed);
        const needed = new Set(
          [...tasks.filter((task) => task.state !== "acked"), ...acked.slice(0, KEPT_PICTURES)].map(
            (one) => one.media,
          ),
        );
        for (const id of await tx.objectStore("pictures").getAllKeys()) {
          if (!needed.has(id)) await tx.objectStore("pictures").delete(id);
        }
      },
      false,
    );
  }

  /** No more work is taken than the phone has room for. */
  private async full(): Promise<boolean> {
    const estimate = await navigator.storage?.estimate?.().catch(() => undefined);
    if (!estimate?.quota) return false;
    const kept: KeptPicture[] = await this.store.read((db) => db.getAll("pictures"));
    const bytes = kept.reduce((sum, one) => sum + one.size, 0);
    return bytes > Math.min(MOST_ON_DISK, estimate.quota / 10);
  }
}
