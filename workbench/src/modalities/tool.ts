// What a modality brings: how it shows a block. Each is a chunk of its own, loaded when a task needs it.

import type { ComponentType } from "preact";
import type { Block, LeasedTask, Schema } from "../shell/types";
import * as text from "./text/index";

export interface ShowProps {
  readonly block: Block;
  readonly task: LeasedTask;
  /** The picture of the task, from the device or fetched; none: it can't be had now. */
  readonly picture: () => Promise<Blob | null>;
}

export interface Tool {
  readonly Show: ComponentType<ShowProps>;
}

/** One line for each modality. Text is so small, and so common, that it comes with the shell. */
const TOOLS: Readonly<Record<string, () => Promise<{ tool: Tool }>>> = {
  text: async () => text,
  image: () => import("./image/index"),
};

const loaded = new Map<string, Tool>();

export function toolOf(type: string): Tool | undefined {
  return loaded.get(type);
}

/** Loads the tools that a schema needs. */
export async function prepare(schema: Schema): Promise<void> {
  await Promise.all(
    schema.shows.map(async ({ type }) => {
      const load = TOOLS[type];
      if (load && !loaded.has(type)) loaded.set(type, (await load()).tool);
    }),
  );
}

/** What a task has in the field of a block. */
export function fieldOf(block: Block, task: LeasedTask): string {
  const value = task.payload[block.field.replace(/^\$/, "")];
  return typeof value === "string" ? value : value === undefined || value === null ? "" : String(value);
}
