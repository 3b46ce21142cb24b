// A text, as it is: never normalised, with its own language and direction.

import { fieldOf, type ShowProps, type Tool } from "../tool";
import "./text.css";

/** Languages that are written from right to left, and scripts that are, whatever the language. */
const LEFTWARD = /^(ar|ckb|dv|fa|he|ks|nqo|ps|sd|ug|ur|yi)(-|$)(?!latn)|-(adlm|arab|hebr|nkoo)(-|$)/i;

/** As the language says; where it says nothing, the text's first letter does. */
export const direction = (lang = ""): "rtl" | "auto" => (LEFTWARD.test(lang) ? "rtl" : "auto");

function Text({ block, task }: ShowProps) {
  return (
    <div class="text" lang={block.lang} dir={direction(block.lang)}>
      {fieldOf(block, task)}
    </div>
  );
}

export const tool: Tool = { Show: Text };
