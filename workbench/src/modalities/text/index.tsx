// A text, as it is: never normalised, with its own language and direction.

import { fieldOf, type ShowProps, type Tool } from "../tool";
import "./text.css";

function Text({ block, task }: ShowProps) {
  return (
    <div class="text" lang={block.lang} dir="auto">
      {fieldOf(block, task)}
    </div>
  );
}

export const tool: Tool = { Show: Text };
