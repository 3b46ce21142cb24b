// The device's database: one for each account, so that a shared phone keeps people apart.

import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB, type StoreNames } from "idb";
import type { Entry } from "./journal";
import type { State } from "./states";
import type { Kind, LeasedTask, Pack, Picture, Schema } from "./types";

/** A task in her hands. `draft` counts what she entered; `order` is the order in which tasks came. */
export interface Task extends LeasedTask {
  readonly project: string;
  readonly state: State;
  readonly revision: number;
  readonly schema: number;
  readonly guideline: number;
  readonly expires: number;
  readonly changed: number;
  readonly order: number;
  readonly why?: readonly string[];
  /** An answer that was opened again: its journal had so many lines, and goes back to them when she leaves it. */
  readonly opened?: number;
}

/**
 * One item of the outbox. `body` is the JSON that is sent, frozen with its key. In `quarantine` is what was refused
 * and waits for her; `handed` is what the server keeps for a person to look at, until she has seen that it does.
 */
export interface Item {
  readonly n?: number;
  readonly key: string;
  readonly type: "answer" | "skip" | "question" | "flag" | "time";
  readonly lease: number | null;
  readonly revision: number;
  readonly project: string;
  readonly state: "sealed" | "queued" | "quarantine" | "handed";
  readonly body: string;
  readonly made: number;
  readonly until: number;
  readonly segment: number;
  readonly shift: number;
  readonly ms: number;
  readonly status?: string;
  readonly why?: readonly string[];
}

/** Time that is kept but not yet part of an item. */
export interface Slice {
  readonly key: string;
  readonly kind: Kind;
  readonly lease: number | null;
  readonly project: string;
  readonly started: number;
  readonly ms: number;
  readonly segment: number;
  readonly hidden?: number;
}

/** A gap beyond the idle limit: hers to say what it was, for 14 days. */
export interface Gap {
  readonly key: string;
  readonly kind: Kind;
  readonly lease: number | null;
  readonly project: string;
  readonly started: number;
  readonly ms: number;
  readonly segment: number;
}

/** `day` is the device's. `ms`: the time that went with it. */
export interface Receipt {
  readonly key: string;
  readonly type: Item["type"];
  readonly lease: number | null;
  readonly project: string;
  readonly receipt: string | null;
  readonly status: string;
  readonly at: number;
  readonly ms: number;
}

export interface KeptPicture extends Picture {
  readonly blob: Blob;
}

export interface KeptPack extends Pack {
  readonly fetched: number;
  /** The guideline version that she has read, and answers under; 0: none yet. */
  readonly read: number;
}

/** Single values, by name. */
export interface Values {
  token: { token: string; got: number; over?: boolean };
  skew: { skew: number; segment: number };
  settings: Record<string, string | boolean>;
  ballast: Blob;
  last: { project: string };
  begun: Readonly<Record<string, string>>;
  flushed: number;
}

export interface Stores extends DBSchema {
  packs: { key: string; value: KeptPack };
  schemas: { key: [string, number]; value: { project: string; version: number; body: Schema } };
  tasks: { key: number; value: Task; indexes: { state: [string, string] } };
  pictures: { key: string; value: KeptPicture };
  journal: { key: [number, number]; value: Entry };
  outbox: { key: number; value: Item; indexes: { key: string; state: string } };
  slices: { key: string; value: Slice };
  gaps: { key: string; value: Gap };
  receipts: { key: string; value: Receipt; indexes: { at: number } };
  values: { key: string; value: { name: string; value: unknown } };
}

export type Name = StoreNames<Stores>;
export type Tx = IDBPTransaction<Stores, Name[], "readwrite">;
type Database = IDBPDatabase<Stores>;

const VERSION = 1;
const BALLAST = 3_000_000;
export const databaseOf = (account: string): string => `palabre-${account}`;

/** The device can't write any more, even after everything that may go was dropped. */
export class StorageFailed extends Error {}

function upgrade(db: Database): void {
  db.createObjectStore("packs", { keyPath: "project.id" });
  db.createObjectStore("schemas", { keyPath: ["project", "version"] });
  db.createObjectStore("tasks", { keyPath: "lease" }).createIndex("state", ["project", "state"]);
  db.createObjectStore("pictures", { keyPath: "id" });
  db.createObjectStore("journal", { keyPath: ["lease", "seq"] });
  const outbox = db.createObjectStore("outbox", { keyPath: "n", autoIncrement: true });
  outbox.createIndex("key", "key", { unique: true });
  outbox.createIndex("state", "state");
  db.createObjectStore("slices", { keyPath: "key" });
  db.createObjectStore("gaps", { keyPath: "key" });
  db.createObjectStore("receipts", { keyPath: "key" }).createIndex("at", "at");
  db.createObjectStore("values", { keyPath: "name" });
}

export class Store {
  private opened: Promise<Database> | null = null;
  /** Called when room had to be made, and when even that did not help. */
  onTrouble: (kind: "tight" | "failed") => void = () => undefined;

  constructor(readonly account: string) {}

  private open(): Promise<Database> {
    this.opened ??= openDB<Stores>(databaseOf(this.account), VERSION, {
      upgrade,
      blocking: () => this.close(),
      terminated: () => {
        this.opened = null;
      },
    });
    return this.opened;
  }

  close(): void {
    this.opened?.then((db) => db.close()).catch(() => undefined);
    this.opened = null;
  }

  /** Reads, in one transaction over everything. */
  async read<T>(work: (db: Database) => Promise<T>): Promise<T> {
    try {
      return await work(await this.open());
    } catch {
      this.close();
      return work(await this.open());
    }
  }

  /** Writes in one transaction; it is on the disk when the promise is kept (`strict`). */
  async write<T>(names: Name[], work: (tx: Tx) => Promise<T>, strict = true): Promise<T> {
    const relief = [() => undefined, () => this.dropBallast(), () => this.dropPictures()];
    for (const makeRoom of relief) {
      try {
        return await this.attempt(names, work, strict);
      } catch (error) {
        if (error instanceof TypeError || error instanceof RangeError) throw error;
        // After a failed write a database may refuse everything until it is opened again.
        this.close();
        await Promise.resolve(makeRoom()).catch(() => undefined);
      }
    }
    try {
      return await this.attempt(names, work, strict);
    } catch (error) {
      this.onTrouble("failed");
      throw new StorageFailed("the device can't write", { cause: error });
    }
  }

  private async attempt<T>(names: Name[], work: (tx: Tx) => Promise<T>, strict: boolean): Promise<T> {
    const db = await this.open();
    const tx = db.transaction(names, "readwrite", { durability: strict ? "strict" : "relaxed" });
    const done = tx.done;
    done.catch(() => undefined);
    try {
      const result = await work(tx);
      await done;
      return result;
    } catch (error) {
      try {
        tx.abort();
      } catch {
        // It was over already.
      }
      throw error;
    }
  }

  private async dropBallast(): Promise<void> {
    const db = await this.open();
    await db.delete("values", "ballast");
    this.onTrouble("tight");
  }

  /** Pictures can be fetched again; what she entered can't. */
  private async dropPictures(): Promise<void> {
    const db = await this.open();
    await db.clear("pictures");
    this.close();
  }

  /** Room that is set aside for the journal, for the day when the disk is full. */
  async layBallast(): Promise<void> {
    if (await this.value("ballast")) return;
    const db = await this.open();
    await db.put("values", { name: "ballast", value: new Blob([new Uint8Array(BALLAST)]) });
  }

  async value<K extends keyof Values>(name: K): Promise<Values[K] | undefined> {
    const row = await this.read((db) => db.get("values", name));
    return row?.value as Values[K] | undefined;
  }

  async setValue<K extends keyof Values>(name: K, value: Values[K], strict = false): Promise<void> {
    await this.write(["values"], (tx) => tx.objectStore("values").put({ name, value }), strict);
  }
}
