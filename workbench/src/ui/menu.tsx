// The menu: her last answers, what waits, settings, and leaving without losing anything.

import { useEffect, useState } from "preact/hooks";
import type { Bench } from "../shell/bench";
import { save, take } from "../shell/file";
import { LANGUAGES, language, t } from "../shell/i18n";
import { pinned } from "../shell/install";
import * as screen from "../shell/screen";
import { show } from "./actions";
import { Sheet } from "./sheet";

const close = (): void => show(null);

export function MenuPanel({ bench }: { bench: Bench }) {
  const { kept, received, refused } = screen.counts.value;
  return (
    <Sheet title={t().menu} onClose={close}>
      {kept + received > 0 && (
        <p>
          {kept > 0 && <span class="tick">✓ {t().keptCount(kept)} </span>}
          {received > 0 && <span class="ticks">✓✓ {t().receivedCount(received)}</span>}
        </p>
      )}
      <Sending bench={bench} />
      <div class="list">
        <button type="button" onClick={() => show("answers")}>
          {t().lastAnswers}
          {refused > 0 && <strong> · {t().refusedCount(refused)}</strong>}
        </button>
        <button type="button" onClick={() => show("keys")}>
          {t().keysSheet}
        </button>
        <a href="/bench/?choose" class="button">
          {t().otherWork}
        </a>
      </div>
      <Settings bench={bench} />
      <Files bench={bench} />
      <div class="list">
        <a href="/" class="button">
          {t().home}
        </a>
        <button type="button" onClick={() => show("sign-out")}>
          {t().signOut}
        </button>
      </div>
    </Sheet>
  );
}

/** What became of her tap, beside the button: a window hides the place where it is said otherwise. */
function Said({ text }: { text: string }) {
  return <p aria-live="polite">{text}</p>;
}

function Sending({ bench }: { bench: Bench }) {
  const later = screen.retryAt.value;
  const kept = screen.counts.value.kept;
  if (screen.sending.value) return <p class="hint">{t().sending}</p>;
  if (kept === 0) return <p class="hint">{t().sentAll}</p>;
  return (
    <div class="row">
      {later !== null && (
        <p class="hint">{t().sendLater(Math.round((later - performance.now()) / 60_000))}</p>
      )}
      <button type="button" onClick={() => void bench.sendNow()}>
        {t().sendNow}
      </button>
    </div>
  );
}

function Settings({ bench }: { bench: Bench }) {
  const [kept, setKept] = useState<boolean | null>(null);
  useEffect(() => void pinned().then(setKept), []);
  return (
    <section class="settings">
      <h3>{t().settings}</h3>
      <label class="written" for="language">
        {t().language}
        <select
          id="language"
          value={language.value}
          onChange={(event) => void bench.setting("language", event.currentTarget.value)}
        >
          {Object.entries(LANGUAGES).map(([name, words]) => (
            <option key={name} value={name} lang={name}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label class="switch">
        <input
          type="checkbox"
          checked={screen.keysOn.value}
          onChange={(event) => void bench.setting("keys", event.currentTarget.checked)}
        />
        <span>{t().keysOn}</span>
      </label>
      <label class="switch">
        <input
          type="checkbox"
          checked={screen.clockShown.value}
          onChange={(event) => void bench.setting("clock", event.currentTarget.checked)}
        />
        <span>{t().clockShow}</span>
      </label>
      {kept !== null && <p class="hint">{kept ? t().pinned : t().notPinned}</p>}
    </section>
  );
}

/** Gives her the file; what there is to say about it. */
async function download(bench: Bench): Promise<string> {
  const desk = bench.account;
  if (!desk) return t().sentAll;
  await bench.traffic.gather(desk);
  const blob = await save(desk.store);
  if (!blob) return (await desk.unsent()).items ? t().fileNot : t().sentAll;
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = `${new Date().toISOString().slice(0, 10)}.palabre`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return t().fileSaved;
}

function Files({ bench }: { bench: Bench }) {
  const [told, setTold] = useState("");
  const opened = async (file: File | undefined) => {
    if (!file) return;
    const taken = await take(await file.text(), bench.people);
    screen.say(taken === null ? t().fileBad : t().fileTaken(taken));
    close();
    bench.traffic.hurry();
    await bench.refreshCounts();
    await bench.traffic.run();
  };
  return (
    <div class="list">
      <Said text={told} />
      {screen.counts.value.kept > 0 && (
        <button type="button" onClick={() => void download(bench).then(setTold)}>
          {t().saveFile}
        </button>
      )}
      <label class="file-button">
        {t().openFile}
        <input
          type="file"
          accept=".palabre"
          onChange={(event) => void opened(event.currentTarget.files?.[0] ?? undefined)}
        />
      </label>
    </div>
  );
}

/** Never blocked and never wiped: send now, keep here, or save a file. */
export function SignOutPanel({ bench }: { bench: Bench }) {
  const [unsent, setUnsent] = useState({ answers: 0, items: 0, bytes: 0 });
  const [told, setTold] = useState("");
  const count = screen.counts.value.kept;
  const send = async () => {
    await bench.sendNow();
    setTold(screen.counts.value.kept === 0 ? t().sentAll : t().sendLater(0));
  };
  // Counted again when something was sent
  useEffect(() => void bench.account?.unsent().then(setUnsent), [bench, count]);
  return (
    <Sheet title={t().signOutTitle} onClose={close}>
      {unsent.answers > 0 && <p>{t().signOutUnsent(unsent.answers)}</p>}
      <p>{t().signOutText}</p>
      <Said text={told} />
      <div class="list">
        {unsent.items > 0 && (
          <>
            <button type="button" onClick={() => void send()}>
              {t().signOutSend(String(Math.max(1, Math.round(unsent.bytes / 1000))))}
            </button>
            <button type="button" onClick={() => void download(bench).then(setTold)}>
              {t().saveFile}
            </button>
          </>
        )}
        <button type="button" class="primary" onClick={() => void bench.leave()}>
          {unsent.items > 0 ? t().signOutKeep : t().signOut}
        </button>
      </div>
    </Sheet>
  );
}
