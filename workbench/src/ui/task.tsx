// One task: what to look at, what is asked, and the bar that is always there.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Choices } from "../modalities/shared/choices";
import { Note, Written } from "../modalities/shared/note";
import { toolOf } from "../modalities/tool";
import type { Bench } from "../shell/bench";
import { said, t } from "../shell/i18n";
import * as screen from "../shell/screen";
import type { Block } from "../shell/types";
import { type Action, action } from "./actions";
import { Icon } from "./icon";
import { useMore } from "./more";
import { plain } from "./why";

export function TaskView({ bench }: { bench: Bench }) {
  const open = screen.open.value;
  const top = useRef<HTMLHeadingElement>(null);
  const all = useMore<HTMLElement>();
  const content = useMore<HTMLElement>();
  const lease = open?.task.lease;
  // Before the paint: focus is where the screen says it is as soon as it says so.
  // A new task begins at its top, for eyes and readers
  useLayoutEffect(() => {
    window.scrollTo(0, 0);
    top.current?.focus({ preventScroll: true });
  }, [lease]);
  useLayoutEffect(() => {
    const name = screen.wanting.value?.name;
    if (name) document.getElementById(`q-${name}`)?.focus();
  }, [screen.wanting.value]);
  if (!open) return null;
  return (
    <>
      <main class="task" key={lease} ref={all}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it */}
        <section class="content" aria-labelledby="task-title" tabIndex={0} ref={content}>
          <h2 id="task-title" ref={top} tabIndex={-1} class="only-read">
            {t().task} {open.task.position}
          </h2>
          <Notices bench={bench} />
          {open.schema.shows.map((block) => (
            <Shown key={block.name} bench={bench} block={block} />
          ))}
        </section>
        <section class="asked" aria-label={t().question}>
          {open.schema.asks.map((question) =>
            question.type === "choices" ? (
              <Choices key={question.name} bench={bench} question={question} />
            ) : (
              <Written key={question.name} bench={bench} question={question} />
            ),
          )}
          <Note bench={bench} />
        </section>
      </main>
      <Bar bench={bench} />
      {screen.flows.value && <Below key={`below ${lease}`} />}
    </>
  );
}

/** Where the whole page scrolls: how to get to the answers, while they are below what is seen. */
function Below() {
  const [below, setBelow] = useState(false);
  useEffect(() => {
    const asked = document.querySelector(".asked .choice, .asked textarea");
    if (!asked) return;
    const seen = new IntersectionObserver(([one]) => {
      if (one) setBelow(!one.isIntersecting && one.boundingClientRect.top > 0);
    });
    seen.observe(asked);
    return () => seen.disconnect();
  }, []);
  if (!below) return null;
  const go = () => document.querySelector(".asked")?.scrollIntoView();
  return (
    <button type="button" class="below" onClick={go}>
      {t().below} <Icon name="down" />
    </button>
  );
}

function Notices({ bench }: { bench: Bench }) {
  const open = screen.open.value;
  const why = open?.task.why;
  return (
    <>
      {open?.correction && (
        <p class="notice">
          {why ? t().refusedTask : t().correcting}{" "}
          {open.task.opened !== undefined && (
            <button type="button" class="link" onClick={() => void bench.leaveAsItWas()}>
              {t().leaveIt}
            </button>
          )}
        </p>
      )}
      {why && why.length > 0 && (
        <ul class="why">
          {why.map((one) => (
            <li key={one}>{plain(one)}</li>
          ))}
        </ul>
      )}
      {screen.unread.value && (
        <p class="notice">
          {t().guideWaiting}{" "}
          <button type="button" class="link" onClick={() => action("guide").perform(bench)}>
            {t().guideOpen}
          </button>
        </p>
      )}
    </>
  );
}

function Shown({ bench, block }: { bench: Bench; block: Block }) {
  const open = screen.open.value;
  const tool = toolOf(block.type);
  if (!open) return null;
  const title = block.title ? said(block.title, block.name) : null;
  return (
    <div class="block">
      {title && (
        <h3 lang={title.lang} class="block-title">
          {title.text}
        </h3>
      )}
      {tool ? <tool.Show block={block} task={open.task} picture={() => bench.picture(open.task)} /> : null}
    </div>
  );
}

const BAR: readonly { name: Action["name"]; icon: Parameters<typeof Icon>[0]["name"] }[] = [
  { name: "undo", icon: "undo" },
  { name: "skip", icon: "skip" },
  { name: "question", icon: "question" },
  { name: "flag", icon: "flag" },
];

/** Undo · Skip · Ask · Mark · Next. */
function Bar({ bench }: { bench: Bench }) {
  const next = action("next");
  return (
    <footer class="bar">
      <Kept />
      <div class="tools">
        {BAR.map(({ name, icon }) => {
          const one = action(name);
          return (
            <button
              key={name}
              type="button"
              disabled={!one.predicate(bench)}
              onClick={() => one.perform(bench)}
            >
              {name === "undo" ? <UndoMark /> : <Icon name={icon} />}
              <span>{one.label(t())}</span>
            </button>
          );
        })}
        <button
          type="button"
          class={bench.unanswered() ? "next" : "next ready"}
          onClick={() => next.perform(bench)}
        >
          <span>{t().next}</span>
          <Icon name="next" />
        </button>
      </div>
    </footer>
  );
}

/** For eight seconds Next can be taken back: the button says so, without counting. */
function UndoMark() {
  const what = screen.undoes.value;
  return (
    <span class="hold">
      <Icon name={what === "answer" ? "edit" : "undo"} />
      {what === "next" && <small>{t().undoHold}</small>}
    </span>
  );
}

/** What was said last, for eyes too; then what is kept and what was received. */
export function Kept() {
  const { kept, received, ready } = screen.counts.value;
  const said = screen.status.value;
  return (
    <p class="kept">
      {said ? (
        <span class="tick" aria-hidden="true">
          {said}
        </span>
      ) : (
        <>
          {kept > 0 && <span class="tick">✓ {t().keptCount(kept)}</span>}
          {received > 0 && <span class="ticks">✓✓ {t().receivedCount(received)}</span>}
          {ready > 0 && <span>{t().readyCount(ready)}</span>}
        </>
      )}
    </p>
  );
}
