import { render } from "preact";
import { Bench } from "./shell/bench";
import { TICK } from "./shell/clock";
import { t } from "./shell/i18n";
import { keepMemory, keepPage } from "./shell/install";
import { say } from "./shell/screen";
import { onKey } from "./ui/actions";
import { App } from "./ui/app";
import "./ui/style.css";

const root = document.getElementById("app");

if (root && "indexedDB" in window && "signal" in AbortController.prototype) begin(root);
else if (root) root.textContent = t().tooOld;

function begin(place: HTMLElement): void {
  const bench = new Bench(new URL(location.href));
  place.textContent = "";
  render(<App bench={bench} />, place);
  watch(bench);
  void bench
    .start()
    .catch((error: unknown) => {
      console.error(error);
      say(t().wentWrong);
    })
    .then(() => afterwards(bench));
}

/** What makes the next visit quick and safe waits until this one has its first task. */
async function afterwards(bench: Bench): Promise<void> {
  await keepPage(() => bench.hidden()).catch(() => undefined);
  if (bench.account) await keepMemory(bench.account).catch(() => undefined);
}

/** What moves, what hides, what comes back. Only the fact counts: no keys and no places are kept. */
function watch(bench: Bench): void {
  for (const name of ["pointerdown", "pointermove", "keydown", "scroll", "focusin", "wheel", "touchmove"]) {
    window.addEventListener(name, () => bench.activity(), { passive: true, capture: true });
  }
  window.addEventListener("keydown", (event) => onKey(bench, event));
  document.addEventListener("visibilitychange", () => {
    void (document.visibilityState === "hidden" ? bench.hidden() : bench.visible());
  });
  window.addEventListener("pagehide", () => void bench.hidden());
  window.addEventListener("online", () => void bench.visible());
  setInterval(() => void bench.tick(), TICK);
}
