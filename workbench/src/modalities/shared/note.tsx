// A question with a text of her own, and the note about the whole task.

import { useLayoutEffect, useState } from "preact/hooks";
import { required } from "../../shell/answers";
import type { Bench } from "../../shell/bench";
import { said, t } from "../../shell/i18n";
import { NOTE } from "../../shell/journal";
import * as screen from "../../shell/screen";
import type { Question } from "../../shell/types";
import { Icon } from "../../ui/icon";

const LONGEST = 5_000;

interface FieldProps {
  readonly bench: Bench;
  readonly name: string;
  readonly id: string;
  readonly label: string;
  readonly lang?: string | undefined;
  readonly needed?: boolean;
}

/** The box is hers while she types; undo and another task put the journal's text into it. */
function Field({ bench, name, id, label, lang, needed }: FieldProps) {
  const text = screen.draft.value[name]?.[0] ?? "";
  return (
    <label class="written" for={id}>
      <span lang={lang}>
        {label}
        {needed && screen.wanting.value?.name === name && <strong class="want"> – {t().required}</strong>}
      </span>
      <textarea
        id={id}
        rows={2}
        maxLength={LONGEST}
        value={text}
        onInput={(event) => bench.entering.type(name, event.currentTarget.value)}
      />
    </label>
  );
}

export function Written({ bench, question }: { bench: Bench; question: Question }) {
  const title = said(question.title, question.name);
  return (
    <Field
      bench={bench}
      name={question.name}
      id={`q-${question.name}`}
      label={title.text}
      lang={title.lang}
      needed={required(question)}
    />
  );
}

/** One tap away, not in the way. */
export function Note({ bench }: { bench: Bench }) {
  const [asked, setAsked] = useState(false);
  // Her tap was a wish to write.
  useLayoutEffect(() => {
    if (asked) document.getElementById("note")?.focus();
  }, [asked]);
  const filled = (screen.draft.value[NOTE]?.[0] ?? "") !== "";
  if (!asked && !filled) {
    return (
      <button type="button" class="quiet" onClick={() => setAsked(true)}>
        <Icon name="note" /> {t().noteButton}
      </button>
    );
  }
  return <Field bench={bench} name={NOTE} id="note" label={t().noteLabel} />;
}
