// Her last answers, each with where it is now; and before them what did not simply arrive.

import { useEffect, useState } from "preact/hooks";
import { fieldOf } from "../modalities/tool";
import type { Bench } from "../shell/bench";
import type { Aside, Given } from "../shell/desk";
import { hours, said, t, timeOfDay } from "../shell/i18n";
import type { Draft } from "../shell/journal";
import * as screen from "../shell/screen";
import type { Item, Receipt, Task } from "../shell/store";
import type { ResultItem, Schema } from "../shell/types";
import { show } from "./actions";
import { Sheet } from "./sheet";
import { plain } from "./why";

const SHOWN = 20;
/** The server has another answer of hers to the task: a page of it shows both, and she chooses. */
const TWO = "two_answers";
const close = (): void => show(null);

interface Shown {
  readonly aside: readonly Aside[];
  readonly given: readonly Given[];
}

/** What she gave last, newest first, and the way to correct it. */
export function AnswersPanel({ bench }: { bench: Bench }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const project = screen.pack.value?.project.id;
  const { refused, handed, twice } = screen.counts.value;
  // Again when something was refused or seen
  useEffect(() => {
    const desk = bench.account;
    if (!desk || !project) return;
    void Promise.all([desk.aside(), desk.given(project, SHOWN)]).then(([aside, given]) =>
      setShown({ aside, given }),
    );
  }, [bench, project, refused, handed, twice]);
  const aside = shown?.aside ?? [];
  const apart = new Set(aside.map(({ item }) => item.key));
  const given = shown?.given.filter(({ item }) => !item || !apart.has(item.key));
  return (
    <Sheet title={t().lastAnswers} onClose={close}>
      {aside.length > 0 && (
        <ul class="given">
          {aside.map((one) => (
            <ApartRow key={one.item.key} bench={bench} one={one} />
          ))}
        </ul>
      )}
      {aside.length === 0 && given?.length === 0 && <p>{t().lastNone}</p>}
      <ul class="given">
        {given?.map((one) => (
          <GivenRow key={one.task.lease} bench={bench} one={one} />
        ))}
      </ul>
    </Sheet>
  );
}

function GivenRow({ bench, one }: { bench: Bench; one: Given }) {
  const { task, schema, draft, item, receipt } = one;
  return (
    <li>
      <p>
        <strong>
          {t().task} {task.position}
        </strong>{" "}
        {task.state === "parked" ? t().waitingTasks : <Where item={item} receipt={receipt} />}
      </p>
      <p class="sample">{sample(task, schema)}</p>
      <p>{(item ?? receipt)?.type === "skip" ? t().skippedTask : answerOf(schema, draft)}</p>
      <button type="button" onClick={() => open(bench, task)}>
        {task.state === "acked" || task.state === "queued" ? t().correct : t().reopen}
      </button>
    </li>
  );
}

/** What was refused waits for her; what the server keeps for a person, she is told once. */
function ApartRow({ bench, one }: { bench: Bench; one: Aside }) {
  const { item, task, schema } = one;
  const handed = item.state === "handed";
  const fixable = task?.state === "quarantine" && (item.type === "answer" || item.type === "skip");
  return (
    <li>
      <p>
        <strong>{nameOf(item, task)}</strong>{" "}
        <span class={handed ? "ticks" : "want"}>{handed ? receivedWords(item.status) : t().refusedWhat}</span>
      </p>
      {task && <p class="sample">{sample(task, schema)}</p>}
      {item.type === "answer" && <p>{t().fromHere(sentOf(schema, item))}</p>}
      {!handed && item.why && item.why.length > 0 && <p class="hint">{item.why.map(plain).join(" ")}</p>}
      <div class="row">
        {fixable && task && (
          <button type="button" onClick={() => open(bench, task)}>
            {t().reopen}
          </button>
        )}
        {item.status === TWO && (
          <a class="button" href="/work/two-answers/">
            {t().twoChoose}
          </a>
        )}
        {handed ? (
          <button type="button" onClick={() => void bench.seen(item)}>
            {t().handedSeen}
          </button>
        ) : (
          <>
            {(fixable || !task || item.type !== "answer") && (
              <button type="button" onClick={() => void bench.retry(item)}>
                {t().refusedRetry}
              </button>
            )}
            <button
              type="button"
              onClick={() => {
                close();
                void bench.tell(item, t().refusedTell(nameOf(item, task), (item.why ?? []).join(" ")));
              }}
            >
              {t().refusedAsk}
            </button>
          </>
        )}
      </div>
    </li>
  );
}

function open(bench: Bench, task: Task): void {
  close();
  void bench.reopen(task.lease);
}

function nameOf(item: Item, task: Task | undefined): string {
  if (task) return `${t().task} ${task.position}`;
  return item.type === "time"
    ? t().timeOf(hours(item.ms), new Date(item.made))
    : t().sentAt(new Date(item.made));
}

/** What the server did with it: never only «received» where another answer of hers stands. */
function receivedWords(status: string | undefined): string {
  const words: Readonly<Record<string, string>> = {
    late: t().statusLate,
    superseded: t().statusOlder,
    stored_raw: t().handedWhat,
    [TWO]: t().twoAnswers,
  };
  return words[status ?? ""] ?? t().statusReceived;
}

function Where({ item, receipt }: { item: Item | undefined; receipt: Receipt | undefined }) {
  if (item) return <span class="tick">✓ {t().statusKept}</span>;
  if (!receipt) return null;
  return (
    <span class="ticks">
      ✓✓ {receivedWords(receipt.status)} {timeOfDay(receipt.at)}
      {receipt.receipt && <small> · {t().receiptOf(receipt.receipt)}</small>}
    </span>
  );
}

/** What she chose or wrote, in the words of the screen. */
function answerOf(schema: Schema | null, draft: Draft): string {
  const words = (schema?.asks ?? []).flatMap((question) =>
    (draft[question.name] ?? []).map(
      (value) => said(question.labels?.find((label) => label.value === value)?.title, value).text,
    ),
  );
  return words.join(" · ");
}

/** The same of what was sent: her draft may have gone on since. */
function sentOf(schema: Schema | null, item: Item): string {
  const { result } = JSON.parse(item.body) as { result: readonly ResultItem[] };
  const draft = result.map(({ from_name, value }) => [
    from_name,
    "text" in value ? value.text : value.choices,
  ]);
  return answerOf(schema, Object.fromEntries(draft));
}

/** How the text begins that she looked at. */
function sample(task: Task, schema: Schema | null): string {
  const block = schema?.shows.find((one) => one.type === "text");
  const text = block ? fieldOf(block, task) : "";
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
