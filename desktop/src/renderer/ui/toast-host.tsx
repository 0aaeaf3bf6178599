/** Shows the toast: bottom centre, six seconds, held while hovered or focused; F8 moves focus to it. */
import { useEffect, useRef, useState } from 'react';
import { closeToast, currentToast, runToastAction } from '../lib/toast.ts';
import { useStore } from '../lib/store.ts';

const shownMs = 6000;

/** The place where toasts appear; mounted once. */
export function ToastHost() {
  const toast = useStore(currentToast, (value) => value);
  const [isHeld, setHeld] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = toast?.id;
  useEffect(() => {
    if (id === undefined || isHeld) return undefined;
    const timer = setTimeout(closeToast, shownMs);
    return () => clearTimeout(timer);
  }, [id, isHeld]);
  useEffect(() => setHeld(false), [id]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'F8') root.current?.querySelector('button')?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div className="toast-place" role="status" ref={root}>
      {toast ? (
        <div
          className="toast"
          key={toast.id}
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocus={() => setHeld(true)}
          onBlur={() => setHeld(false)}
        >
          <span>{toast.text}</span>
          {toast.action ? (
            <button type="button" onClick={runToastAction}>
              {toast.action.label}
            </button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
