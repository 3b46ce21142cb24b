// The windows of a task: guideline, skip, mark, ask, keys.

import { useState } from "preact/hooks";
import type { Window } from "../shell/begun";
import type { Bench } from "../shell/bench";
import { said, t } from "../shell/i18n";
import * as screen from "../shell/screen";
import { FLAG_REASONS, type FlagReason, SKIP_REASONS, type SkipReason } from "../shell/types";
import type { Catalogue } from "../words/en";
import { ACTIONS, show } from "./actions";
import { Sheet } from "./sheet";

const close = (): void => show(null);

/** The guideline's text: clean HTML of the server, with the answers that she waited for. */
export function GuidelineText() {
  const pack = screen.pack.value;
  if (!pack) return null;
  return (
    <>
      <p class="hint">{t().guideVersion(pack.guideline.version)}</p>
      {/* The server has cleaned it (palabre.web.markdown). */}
      <div
        class="prose"
        lang={pack.guideline.langs?.body}
        dangerouslySetInnerHTML={{ __html: pack.guideline.html }}
      />
      {pack.questions.length > 0 && (
        <section class="prose">
          <h3>{t().answersTitle}</h3>
          {pack.questions.map((one) => (
            <div key={one.id} class="answered">
              <p>
                <strong>{one.text}</strong>
              </p>
              <p>{one.answer}</p>
              {one.by_client && <p class="quiet">{t().clientAnswered}</p>}
            </div>
          ))}
        </section>
      )}
    </>
  );
}

export function Changes() {
  const pack = screen.pack.value;
  if (!pack?.guideline.changes) return null;
  return (
    <section class="changes">
      <h3>{t().guideWhatIsNew}</h3>
      <p lang={pack.guideline.langs?.changes}>{pack.guideline.changes}</p>
    </section>
  );
}

export function GuidePanel({ bench }: { bench: Bench }) {
  const leave = () => {
    close();
    void bench.reading(false);
  };
  const unread = screen.unread.value;
  return (
    <Sheet title={t().guideTitle} onClose={leave} wide>
      {unread && <Changes />}
      <GuidelineText />
      {unread && (
        <button
          type="button"
          class="primary"
          onClick={() => {
            void bench.acknowledge();
            leave();
          }}
        >
          {t().guideRead}
        </button>
      )}
    </Sheet>
  );
}

interface Reason<T extends string> {
  readonly value: T;
  readonly words: (t: Catalogue) => string;
}

const SKIP_WORDS: Record<SkipReason, (t: Catalogue) => string> = {
  unclear: (words) => words.skipUnclear,
  broken: (words) => words.skipBroken,
  harmful: (words) => words.skipHarmful,
  language: (words) => words.skipLanguage,
  other: (words) => words.skipOther,
};

const FLAG_WORDS: Record<FlagReason, (t: Catalogue) => string> = {
  harmful: (words) => words.flagHarmful,
  personal: (words) => words.flagPersonal,
  wrong: (words) => words.flagWrong,
  hard: (words) => words.flagHard,
  other: (words) => words.flagOther,
};

interface ReasonsProps<T extends string> {
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly reasons: readonly Reason<T>[];
  readonly bench: Bench;
  readonly window: Window;
  readonly onDone: (reason: T, comment: string) => void;
}

/** A reason by one tap, words if she likes, and the button. */
function Reasons<T extends string>({ title, text, button, reasons, bench, window, onDone }: ReasonsProps<T>) {
  const [reason, setReason] = useState<T | null>(null);
  const lease = screen.open.value?.task.lease ?? null;
  const comment = bench.begun.words(window, lease);
  const done = (event: Event) => {
    event.preventDefault();
    if (reason === null) return;
    close();
    onDone(reason, comment.trim());
  };
  return (
    <Sheet title={title} onClose={close}>
      <form onSubmit={done}>
        <fieldset class="question">
          <legend class="hint">{text}</legend>
          <div class="labels">
            {reasons.map((one) => (
              <label key={one.value} class={reason === one.value ? "choice chosen" : "choice"}>
                <input
                  type="radio"
                  name="reason"
                  value={one.value}
                  checked={reason === one.value}
                  onChange={() => setReason(one.value)}
                />
                <span class="words">{one.words(t())}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <label class="written" for="comment">
          {t().comment}
          <textarea
            id="comment"
            rows={2}
            maxLength={2000}
            value={comment}
            onInput={(event) => bench.begun.type(window, lease, event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary" disabled={reason === null}>
          {button}
        </button>
      </form>
    </Sheet>
  );
}

export function SkipPanel({ bench }: { bench: Bench }) {
  return (
    <Reasons
      title={t().skipTitle}
      text={t().skipText}
      button={t().skip}
      bench={bench}
      window="skip"
      reasons={SKIP_REASONS.map((value) => ({ value, words: SKIP_WORDS[value] }))}
      onDone={(reason, comment) => void bench.skip(reason, comment)}
    />
  );
}

export function FlagPanel({ bench }: { bench: Bench }) {
  return (
    <Reasons
      title={t().flagTitle}
      text={t().flagText}
      button={t().flag}
      bench={bench}
      window="flag"
      reasons={FLAG_REASONS.map((value) => ({ value, words: FLAG_WORDS[value] }))}
      onDone={(reason, comment) => void bench.flag(reason, comment)}
    />
  );
}

export function AskPanel({ bench }: { bench: Bench }) {
  const lease = screen.open.value?.task.lease ?? null;
  const text = bench.begun.words("ask", lease);
  const [aside, setAside] = useState(false);
  const [empty, setEmpty] = useState(false);
  const [sent, setSent] = useState(false);
  const done = (event: Event) => {
    event.preventDefault();
    if (text.trim() === "") return setEmpty(true);
    setSent(true);
    close();
    void bench.askEnds(text.trim(), aside);
  };
  const leave = () => {
    close();
    if (!sent) void bench.askEnds(null, false);
  };
  return (
    <Sheet title={t().askTitle} onClose={leave}>
      <form onSubmit={done}>
        <p class="hint">{t().askTime}</p>
        <label class="written" for="ask">
          <span>
            {t().askText}
            {empty && <strong class="want"> – {t().askEmpty}</strong>}
          </span>
          <textarea
            id="ask"
            rows={4}
            maxLength={5000}
            aria-invalid={empty}
            value={text}
            onInput={(event) => bench.begun.type("ask", lease, event.currentTarget.value)}
          />
        </label>
        {screen.open.value && (
          <label class="switch">
            <input
              type="checkbox"
              checked={aside}
              onChange={(event) => setAside(event.currentTarget.checked)}
            />
            <span>{t().askAside}</span>
          </label>
        )}
        <button type="submit" class="primary">
          {t().send}
        </button>
      </form>
    </Sheet>
  );
}

export function KeysPanel() {
  const labels = screen.labelKeysNow.value;
  return (
    <Sheet title={t().keysSheet} onClose={close}>
      {!screen.keysOn.value && <p class="notice">{t().keysNone}</p>}
      <dl class="keys">
        {ACTIONS.map((one) => (
          <div key={one.name}>
            <dt>{one.label(t())}</dt>
            <dd>
              <kbd>{one.keys}</kbd>
            </dd>
          </div>
        ))}
        {labels.map(({ question, value, key }) => {
          const words = said(question.labels?.find((label) => label.value === value)?.title, value);
          return (
            <div key={`${question.name} ${value}`}>
              <dt lang={words.lang}>{words.text}</dt>
              <dd>
                <kbd>{key}</kbd>
              </dd>
            </div>
          );
        })}
      </dl>
    </Sheet>
  );
}
