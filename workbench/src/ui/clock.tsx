// The clock: small, never red, never counting down. And the one question that it asks.

import type { Bench } from "../shell/bench";
import { digits, hours, money, rate, t, timeOfDay } from "../shell/i18n";
import * as screen from "../shell/screen";
import type { Gap, KeptPack } from "../shell/store";
import { show } from "./actions";
import { Icon } from "./icon";
import { Sheet } from "./sheet";

export function ClockButton() {
  if (!screen.clockShown.value || !screen.pack.value) return null;
  const time = hours(screen.todayMs.value);
  return (
    <button type="button" class="plain clock" onClick={() => show("clock")} aria-label={t().clockToday(time)}>
      {time}
    </button>
  );
}

/** What she gets for today: what the server knows of, and the floor for time that is only here yet, rounded up. */
function soFar(pack: KeptPack): number {
  const { brings, floor, currency } = pack.today;
  const units = 10 ** digits(currency);
  const due = Math.ceil((Number(floor ?? 0) * units * screen.todayMs.value) / 3_600_000);
  return Math.max(brings, due) / units;
}

export function ClockPanel({ bench }: { bench: Bench }) {
  const pack = screen.pack.value;
  const today = pack?.today;
  return (
    <Sheet title={t().today} onClose={() => show(null)}>
      <p class="big">{t().clockToday(hours(screen.todayMs.value))}</p>
      {pack && today && today.currency !== "" && (
        <ul class="money">
          <li>{t().clockSoFar(money(soFar(pack), today.currency))}</li>
          {today.floor !== null && <li>{t().clockFloor(rate(Number(today.floor), today.currency))}</li>}
          <li>{t().choosePerHour(rate(Number(pack.per_hour), pack.currency))}</li>
        </ul>
      )}
      <p class="hint">{t().clockHint}</p>
      <button
        type="button"
        onClick={() => {
          bench.lookOutside();
          show(null);
        }}
      >
        {t().outside}
      </button>
      {screen.gaps.value.map((gap) => (
        <GapQuestion key={gap.key} bench={bench} gap={gap} />
      ))}
    </Sheet>
  );
}

/** «11 minutes without a gesture – working on it / away»: neither is lit beforehand. */
export function GapQuestion({ bench, gap }: { bench: Bench; gap: Gap }) {
  const minutes = Math.max(1, Math.round(gap.ms / 60_000));
  return (
    <section class="gap" aria-label={t().gapTitle(minutes)}>
      <p>
        <strong>{t().gapTitle(minutes)}</strong> {t().gapAt(timeOfDay(gap.started))}. {t().gapText}
      </p>
      <div class="row">
        <button type="button" onClick={() => void bench.settleGap(gap, true)}>
          {t().gapWorking}
        </button>
        <button type="button" onClick={() => void bench.settleGap(gap, false)}>
          {t().gapAway}
        </button>
      </div>
    </section>
  );
}

export function GuideButton({ onOpen }: { onOpen: () => void }) {
  return (
    <button type="button" class="plain guide" aria-label={t().guide} onClick={onOpen}>
      <Icon name="guide" />
      <span>{t().guide}</span>
      {screen.unread.value && <span class="dot" aria-hidden="true" />}
    </button>
  );
}
