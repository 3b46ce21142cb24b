// The page: its frame, and the view that the bench says.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Bench } from "../shell/bench";
import { rate, t } from "../shell/i18n";
import * as screen from "../shell/screen";
import { action, show } from "./actions";
import { AnswersPanel } from "./answers";
import { ClockButton, ClockPanel, GapQuestion, GuideButton } from "./clock";
import { Icon } from "./icon";
import { MenuPanel, SignOutPanel } from "./menu";
import { AskPanel, Changes, FlagPanel, GuidelineText, GuidePanel, KeysPanel, SkipPanel } from "./panels";
import { Kept, TaskView } from "./task";

/** Where letters are very large or the screen very low, a bar that stays would leave no room: everything flows. */
function useRoom() {
  const frame = useRef<HTMLDivElement>(null);
  const look = () => {
    // The bar is as tall in either case, so that this never goes to and fro.
    const taken = frame.current?.querySelector<HTMLElement>(".bar")?.offsetHeight ?? 0;
    screen.flows.value = taken > window.innerHeight * 0.35;
  };
  useEffect(look);
  useEffect(() => {
    window.addEventListener("resize", look);
    return () => window.removeEventListener("resize", look);
  }, []);
  return frame;
}

export function App({ bench }: { bench: Bench }) {
  const frame = useRoom();
  return (
    <div ref={frame} class={className()}>
      <Top bench={bench} />
      <Trouble />
      <Asked bench={bench} />
      <Now bench={bench} />
      <Panels bench={bench} />
      <div role="status" class="only-read">
        {screen.status.value}
      </div>
    </div>
  );
}

function className(): string {
  const working = screen.view.value.name === "task";
  return ["bench", working && "working", screen.flows.value && "flows"].filter(Boolean).join(" ");
}

function Top({ bench }: { bench: Bench }) {
  const pack = screen.pack.value;
  return (
    <header class="top">
      <a class="mark" href="/" aria-label={t().home}>
        <img src="/static/workbench/icon.svg" alt="" width="36" height="36" />
      </a>
      <h1 lang={pack?.project.langs?.name}>{pack?.project.name ?? t().name}</h1>
      {pack && screen.view.value.name !== "guideline" && (
        <GuideButton onOpen={() => action("guide").perform(bench)} />
      )}
      <ClockButton />
      <button type="button" class="plain" aria-label={t().menu} onClick={() => show("menu")}>
        <Icon name="menu" />
      </button>
    </header>
  );
}

/** Storage only: the one thing that must not be overlooked. */
function Trouble() {
  const kind = screen.trouble.value;
  return (
    <div role="alert" class="trouble-place">
      {kind && <p class="trouble">{kind === "failed" ? t().storageFailed : t().storageTight}</p>}
    </div>
  );
}

/** What wants an answer of hers or may interest her; never in the way of the task. */
function Asked({ bench }: { bench: Bench }) {
  const gap = screen.gaps.value[screen.gaps.value.length - 1];
  const use = screen.newVersion.value;
  return (
    <div class="asides">
      {gap && <GapQuestion bench={bench} gap={gap} />}
      {screen.othersWait.value > 0 && screen.view.value.name !== "locked" && (
        <p class="notice quiet-notice">{t().othersWait(screen.othersWait.value)}</p>
      )}
      {screen.counts.value.refused > 0 && (
        <p class="notice">
          {t().refusedCount(screen.counts.value.refused)}{" "}
          <button type="button" class="link" onClick={() => show("answers")}>
            {t().reopen}
          </button>
        </p>
      )}
      {screen.counts.value.handed > 0 && (
        <p class="notice">
          {t().handedCount(screen.counts.value.handed)}{" "}
          <button type="button" class="link" onClick={() => show("answers")}>
            {t().look}
          </button>
        </p>
      )}
      {screen.counts.value.twice > 0 && (
        <p class="notice">
          {t().twoCount(screen.counts.value.twice)}{" "}
          <button type="button" class="link" onClick={() => show("answers")}>
            {t().look}
          </button>
        </p>
      )}
      {use && (
        <p class="notice quiet-notice">
          {t().newVersion}{" "}
          <button type="button" class="link" onClick={use}>
            {t().newVersionUse}
          </button>
        </p>
      )}
    </div>
  );
}

function signInAddress(): string {
  return `/account/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
}

function Now({ bench }: { bench: Bench }) {
  const view = screen.view.value;
  switch (view.name) {
    case "opening":
      return <Calm title={t().opening} />;
    case "task":
      return <TaskView bench={bench} />;
    case "guideline":
      return <GuidelineView bench={bench} />;
    case "choose":
      return <Choose bench={bench} />;
    case "empty":
      return <Nothing bench={bench} why={view.why} />;
    case "elsewhere":
      return (
        <Calm title={t().elsewhereTitle} text={t().elsewhereText}>
          <button type="button" class="primary" onClick={() => void bench.takeOver(view.lock)}>
            {t().elsewhereTake}
          </button>
        </Calm>
      );
    case "signed_out":
      return (
        <Calm title={t().signedOutTitle} text={t().signedOutText}>
          <a class="button primary" href={signInAddress()}>
            {t().signIn}
          </a>
        </Calm>
      );
    case "locked":
      return view.why !== "ended" ? (
        <Calm title={t().lockedTitle} text={view.why === "left" ? t().signOutLater : t().leaving} />
      ) : (
        <Calm title={t().lockedTitle} text={t().lockedText}>
          <a class="button primary" href={signInAddress()}>
            {t().signIn}
          </a>
        </Calm>
      );
    case "unreachable":
      return (
        <Calm title={t().unreachableTitle} text={t().unreachableText}>
          <button type="button" class="primary" onClick={() => void bench.again()}>
            {t().tryAgain}
          </button>
        </Calm>
      );
  }
}

function Calm({ title, text, children }: { title: string; text?: string; children?: ComponentChildren }) {
  return (
    <main class="calm">
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {children}
    </main>
  );
}

function Nothing({ bench, why }: { bench: Bench; why: screen.Empty }) {
  if (why === "asking") return <Calm title={t().waiting} />;
  const texts: Record<Exclude<screen.Empty, "asking">, string> = {
    done: t().emptyText,
    offline: t().emptyOffline,
    paused: t().emptyPaused,
    full: t().emptyFull,
  };
  return (
    <>
      <Calm title={t().emptyTitle} text={texts[why]}>
        <div class="row">
          <button type="button" onClick={() => void bench.again()}>
            {t().tryAgain}
          </button>
          <a class="button" href="/bench/?choose">
            {t().otherWork}
          </a>
        </div>
      </Calm>
      <footer class="bar">
        <Kept />
      </footer>
    </>
  );
}

/** Before the first task, and before the next one after a change. Reading it is working time. */
function GuidelineView({ bench }: { bench: Bench }) {
  const pack = screen.pack.value;
  if (!pack) return null;
  const first = pack.read === 0;
  return (
    <>
      <main class="reading">
        <h2>{first ? t().guideTitle : t().guideNew}</h2>
        <p class="hint">{first ? t().guideFirst : t().guideNewText}</p>
        {first ? (
          <section class="purpose">
            <h3>{t().purpose}</h3>
            <p lang={pack.project.langs?.purpose}>{pack.project.purpose}</p>
            <p class="hint">{t().forWhom(pack.project.client)}</p>
          </section>
        ) : (
          <Changes />
        )}
        <GuidelineText />
      </main>
      <footer class="bar">
        <Kept />
        <button type="button" class="primary wide" onClick={() => void bench.acknowledge()}>
          {first ? t().guideBegin : t().guideRead}
        </button>
      </footer>
    </>
  );
}

function Choose({ bench }: { bench: Bench }) {
  const kept = new Map(screen.packs.value.map((one) => [one.project.id, one]));
  const offers = screen.offers.value;
  const only = screen.packs.value.filter((one) => !offers.some((offer) => offer.project === one.project.id));
  const rows = [
    ...offers.map((one) => ({ id: one.project, ...one, ready: kept.get(one.project)?.ready ?? 0 })),
    ...only.map((one) => ({
      ...one.project,
      id: one.project.id,
      currency: one.currency,
      per_hour: one.per_hour,
      ready: one.ready,
    })),
  ];
  return (
    <main class="calm choose">
      <h2>{t().chooseTitle}</h2>
      {rows.length === 0 && <p>{t().chooseNone}</p>}
      {rows.map((one) => (
        <button key={one.id} type="button" class="offer" onClick={() => void bench.take(one.id)}>
          <strong lang={one.langs?.name}>{one.name}</strong>
          <span lang={one.langs?.purpose}>{one.purpose}</span>
          <span class="hint">
            {t().forWhom(one.client)} · {t().choosePerHour(rate(Number(one.per_hour), one.currency))}
          </span>
          {one.ready > 0 && <span class="tick">✓ {t().chooseOnDevice(one.ready)}</span>}
        </button>
      ))}
    </main>
  );
}

function Panels({ bench }: { bench: Bench }) {
  switch (screen.panel.value) {
    case "guide":
      return <GuidePanel bench={bench} />;
    case "skip":
      return <SkipPanel bench={bench} />;
    case "flag":
      return <FlagPanel bench={bench} />;
    case "ask":
      return <AskPanel bench={bench} />;
    case "menu":
      return <MenuPanel bench={bench} />;
    case "clock":
      return <ClockPanel bench={bench} />;
    case "keys":
      return <KeysPanel />;
    case "answers":
      return <AnswersPanel bench={bench} />;
    case "sign-out":
      return <SignOutPanel bench={bench} />;
    case null:
      return null;
  }
}
