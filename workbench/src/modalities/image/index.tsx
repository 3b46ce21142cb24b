// A picture that can be looked at closely: by buttons, by keys, by two fingers or a wheel. No drag is needed.

import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../shell/i18n";
import { Icon } from "../../ui/icon";
import type { ShowProps, Tool } from "../tool";
import "./image.css";
import { moved, type Place, type Size, WHOLE, zoomed } from "./zoom";

const STEP = 1.5;
const ARROW = 48;
type Point = { x: number; y: number };

function usePicture({ task, picture }: ShowProps): {
  address: string | null;
  missing: boolean;
  again: () => void;
} {
  const [address, setAddress] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  const [missing, setMissing] = useState(false);
  // One picture for each lease, fetched again on a try
  useEffect(() => {
    let made: string | null = null;
    let over = false;
    setAddress(null);
    setMissing(false);
    picture()
      .catch(() => null)
      .then((blob) => {
        if (over) return;
        if (!blob) return setMissing(true);
        made = URL.createObjectURL(blob);
        setAddress(made);
      });
    return () => {
      over = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [task.lease, tries]);
  return { address, missing, again: () => setTries(tries + 1) };
}

/** A description by the client, or the plain word. */
function described(props: ShowProps): string {
  const { alt, description } = props.task.payload;
  const said = [alt, description].find((one): one is string => typeof one === "string" && one.trim() !== "");
  return said ?? t().picture;
}

function Picture(props: ShowProps) {
  const { address, missing, again } = usePicture(props);
  const frame = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place>(WHOLE);
  const fingers = useRef(new Map<number, Point>());
  // Each task begins with its whole picture
  useEffect(() => setPlace(WHOLE), [props.task.lease]);

  const size = (): Size => ({
    width: frame.current?.clientWidth ?? 1,
    height: frame.current?.clientHeight ?? 1,
  });
  const fromMiddle = (event: { clientX: number; clientY: number }): Point => {
    const box = frame.current?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  };
  const zoom = (by: number, at: Point = { x: 0, y: 0 }) => setPlace((now) => zoomed(now, by, at, size()));
  const move = (dx: number, dy: number) => setPlace((now) => moved(now, dx, dy, size()));

  const onKeyDown = (event: KeyboardEvent) => {
    const arrows: Record<string, Point> = {
      ArrowLeft: { x: ARROW, y: 0 },
      ArrowRight: { x: -ARROW, y: 0 },
      ArrowUp: { x: 0, y: ARROW },
      ArrowDown: { x: 0, y: -ARROW },
    };
    const by = arrows[event.key];
    if (by && place.scale > 1) move(by.x, by.y);
    else if (event.key === "+" || event.key === "=") zoom(STEP);
    else if (event.key === "-") zoom(1 / STEP);
    else return;
    event.preventDefault();
  };
  const onWheel = (event: WheelEvent) => {
    if (!event.ctrlKey && place.scale === 1) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15, fromMiddle(event));
  };
  const onPointerDown = (event: PointerEvent) => {
    fingers.current.set(event.pointerId, fromMiddle(event));
  };
  const onPointerMove = (event: PointerEvent) => {
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const now = fromMiddle(event);
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other) zoom(apart(now, other) / Math.max(1, apart(before, other)), middle(now, other));
    else if (place.scale > 1) move(now.x - before.x, now.y - before.y);
    fingers.current.set(event.pointerId, now);
  };
  const onPointerUp = (event: PointerEvent) => {
    fingers.current.delete(event.pointerId);
  };

  if (missing) {
    return (
      <div class="no-picture">
        <p>{t().pictureMissing}</p>
        <button type="button" onClick={again}>
          {t().tryAgain}
        </button>
      </div>
    );
  }
  return (
    <div class="picture">
      {/* biome-ignore lint/a11y/useSemanticElements: a frame around a picture is no set of form fields */}
      <div
        ref={frame}
        class={place.scale > 1 ? "frame large" : "frame"}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the frame takes arrow keys
        tabIndex={0}
        aria-label={`${t().picture}. ${t().pictureKeys}`}
        onKeyDown={onKeyDown}
        onWheel={onWheel}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={onPointerUp}
        onPointerLeave={onPointerUp}
      >
        {address ? (
          <img
            src={address}
            alt={described(props)}
            draggable={false}
            style={{ transform: `translate(${place.x}px, ${place.y}px) scale(${place.scale})` }}
          />
        ) : (
          <p>{t().pictureComing}</p>
        )}
      </div>
      <div class="zoom">
        <button
          type="button"
          onClick={() => zoom(1 / STEP)}
          disabled={place.scale <= 1}
          aria-label={t().zoomOut}
        >
          <Icon name="minus" />
        </button>
        <button
          type="button"
          onClick={() => setPlace(WHOLE)}
          disabled={place.scale <= 1}
          aria-label={t().zoomFit}
        >
          <Icon name="fit" />
        </button>
        <button type="button" onClick={() => zoom(STEP)} aria-label={t().zoomIn}>
          <Icon name="plus" />
        </button>
      </div>
    </div>
  );
}

function apart(one: Point, other: Point): number {
  return Math.hypot(one.x - other.x, one.y - other.y);
}

function middle(one: Point, other: Point): Point {
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

export const tool: Tool = { Show: Picture };
