// What goes on below is said to go on: a box that scrolls is marked while there is more of it to see.

import { useLayoutEffect, useRef } from "preact/hooks";

/** Less than a line, such as the edge of a card, is nothing more. */
const NEARLY = 14;

/** Marks an element with `data-more` while something of it lies below its edge. */
export function useMore<T extends HTMLElement>() {
  const box = useRef<T>(null);
  const look = () => {
    const one = box.current;
    if (one) one.toggleAttribute("data-more", one.scrollHeight - one.scrollTop - one.clientHeight > NEARLY);
  };
  useLayoutEffect(look);
  useLayoutEffect(() => {
    const one = box.current;
    if (!one) return;
    one.addEventListener("scroll", look, { passive: true });
    const sizes = new ResizeObserver(look);
    for (const part of [one, ...one.children]) sizes.observe(part);
    return () => {
      one.removeEventListener("scroll", look);
      sizes.disconnect();
    };
  }, []);
  return box;
}
