// The accounts that use this device. Each has a database of its own; this one only knows which there are.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import { Store } from "./store";

interface Device extends DBSchema {
  accounts: { key: string; value: { id: string; language: string } };
  values: { key: string; value: { name: string; value: string } };
}

export class People {
  private opened: Promise<IDBPDatabase<Device>> | null = null;

  private db(): Promise<IDBPDatabase<Device>> {
    this.opened ??= openDB<Device>("palabre-device", 1, {
      upgrade: (db) => {
        db.createObjectStore("accounts", { keyPath: "id" });
        db.createObjectStore("values", { keyPath: "name" });
      },
      blocking: () => {
        this.opened?.then((db) => db.close()).catch(() => undefined);
        this.opened = null;
      },
      terminated: () => {
        this.opened = null;
      },
    });
    return this.opened;
  }

  /** Whose work the device shows; none after she has signed out. */
  async current(): Promise<{ id: string; language: string } | null> {
    const db = await this.db();
    const row = await db.get("values", "current");
    return row?.value ? ((await db.get("accounts", row.value)) ?? null) : null;
  }

  /** Whether the last who worked here has signed out: there is work, and nobody is shown it. */
  async left(): Promise<boolean> {
    return (await (await this.db()).get("values", "current"))?.value === "";
  }

  async enter(id: string, language: string): Promise<void> {
    const db = await this.db();
    await db.put("accounts", { id, language });
    await db.put("values", { name: "current", value: id });
  }

  async speak(id: string, language: string): Promise<void> {
    await (await this.db()).put("accounts", { id, language });
  }

  /** Locks the device: her database stays as it is, and nobody is shown it. */
  async leave(): Promise<void> {
    await (await this.db()).put("values", { name: "current", value: "" });
  }

  /** An account whose answers came in a file: it is here to send them, not to be shown. */
  async meet(id: string): Promise<void> {
    const db = await this.db();
    if (!(await db.get("accounts", id))) await db.put("accounts", { id, language: "" });
  }

  /** Databases of others on this device. */
  async others(current: string | null): Promise<Store[]> {
    const accounts = await (await this.db()).getAll("accounts");
    return accounts.filter((one) => one.id !== current).map((one) => new Store(one.id));
  }
}
