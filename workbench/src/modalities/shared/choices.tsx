// One question with labels: native radios or checkboxes, as wide as the thumb needs them.

import { useState } from "preact/hooks";
import { required } from "../../shell/answers";
import type { Bench } from "../../shell/bench";
import { said, t } from "../../shell/i18n";
import * as screen from "../../shell/screen";
import type { Label, Question } from "../../shell/types";

/** More labels than this get a search field, with those used last on top. */
const MANY = 7;
const REMEMBERED = 5;
const lastUsed = new Map<string, string[]>();

function remember(question: Question, value: string): void {
  const before = lastUsed.get(question.name) ?? [];
  lastUsed.set(question.name, [value, ...before.filter((one) => one !== value)].slice(0, REMEMBERED));
}

export function Choices({ bench, question }: { bench: Bench; question: Question }) {
  const chosen = screen.draft.value[question.name] ?? [];
  const single = (question.choice ?? "single") === "single";
  const labels = question.labels ?? [];
  const title = said(question.title, question.name);
  const hint = question.hint ? said(question.hint, "") : null;
  const wanting = screen.wanting.value?.name === question.name;
  const pick = (label: Label) => {
    remember(question, label.value);
    bench.entering.pick(question, label.value);
  };
  return (
    <fieldset class={wanting ? "question wanting" : "question"} id={`q-${question.name}`} tabIndex={-1}>
      <legend>
        <span lang={title.lang}>{title.text}</span>
        {wanting && <strong class="want"> – {t().required}</strong>}
      </legend>
      {hint && (
        <p class="hint" lang={hint.lang}>
          {hint.text}
        </p>
      )}
      {!single && (
        <p class="hint">
          {t().several}
          {chosen.length > 0 && ` · ${t().chosen(chosen.length)}`}
        </p>
      )}
      {labels.length > MANY ? (
        <Search question={question} labels={labels} chosen={chosen} single={single} pick={pick} />
      ) : (
        <div class="labels">
          {labels.map((label) => (
            <Choice
              key={label.value}
              {...{ question, label, single, pick }}
              checked={chosen.includes(label.value)}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}

interface SearchProps {
  readonly question: Question;
  readonly labels: readonly Label[];
  readonly chosen: readonly string[];
  readonly single: boolean;
  readonly pick: (label: Label) => void;
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function Search({ question, labels, chosen, single, pick }: SearchProps) {
  const [wanted, setWanted] = useState("");
  const recent = lastUsed.get(question.name) ?? [];
  const rank = (label: Label) => {
    const place = recent.indexOf(label.value);
    return place < 0 ? REMEMBERED : place;
  };
  const found = labels
    .filter((label) => fold(said(label.title, label.value).text).includes(fold(wanted.trim())))
    .sort((a, b) => rank(a) - rank(b));
  const id = `find-${question.name}`;
  return (
    <>
      <label class="find" for={id}>
        {t().searchLabel}
        <input
          id={id}
          type="search"
          autoComplete="off"
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      </label>
      <div class="labels many">
        {found.map((label) => (
          <Choice
            key={label.value}
            {...{ question, label, single, pick }}
            checked={chosen.includes(label.value)}
          />
        ))}
        {found.length === 0 && <p class="hint">{t().noneFound}</p>}
      </div>
    </>
  );
}

interface ChoiceProps {
  readonly question: Question;
  readonly label: Label;
  readonly checked: boolean;
  readonly single: boolean;
  readonly pick: (label: Label) => void;
}

function Choice({ question, label, checked, single, pick }: ChoiceProps) {
  const title = said(label.title, label.value);
  const hint = label.hint ? said(label.hint, "") : null;
  const key = screen.labelKeysNow.value.find(
    (one) => one.question === question && one.value === label.value,
  )?.key;
  // A chosen radio that is not needed is let go by another tap.
  const again = () => {
    if (single && checked && !required(question)) pick(label);
  };
  return (
    <label class={checked ? "choice chosen" : "choice"}>
      <input
        type={single ? "radio" : "checkbox"}
        name={question.name}
        value={label.value}
        checked={checked}
        onChange={() => pick(label)}
        onClick={again}
      />
      <span class="words">
        <span lang={title.lang}>{title.text}</span>
        {hint && (
          <small lang={hint.lang} class="hint">
            {hint.text}
          </small>
        )}
      </span>
      {screen.keysOn.value && key && (
        <span aria-hidden="true" class="key">
          {key}
        </span>
      )}
    </label>
  );
}
