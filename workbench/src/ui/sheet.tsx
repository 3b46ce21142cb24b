// A window over the page: from below on a phone, in the middle of a wide screen. The browser keeps the focus in it.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../shell/i18n";
import { Icon } from "./icon";

interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
}

export function Sheet({ title, onClose, children, wide }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const gone = useRef(false);
  useEffect(() => {
    const one = dialog.current;
    one?.showModal();
    return () => {
      // Another window takes its place: that is not she who closed it.
      gone.current = true;
      one?.close();
    };
  }, []);
  const closed = () => {
    if (!gone.current) onClose();
  };
  return (
    <dialog ref={dialog} class={wide ? "sheet wide" : "sheet"} aria-labelledby="sheet-title" onClose={closed}>
      <header>
        <h2 id="sheet-title">{title}</h2>
        <button type="button" class="plain" aria-label={t().close} onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
      </header>
      <div class="inside">{children}</div>
    </dialog>
  );
}
