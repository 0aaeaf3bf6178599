/** The draggable line between two panes. Arrow keys move it, double-click brings the default back; kept on this device. */
import { useEffect, useState, type KeyboardEvent, type PointerEvent } from 'react';

interface PaneDividerProps {
  readonly label: string;
  /** Custom property on the root that holds the width. */
  readonly property: '--list-w' | '--details-w';
  readonly min: number;
  readonly max: number;
  /** Whether the pane grows to the inline end (list) or start (details). */
  readonly grows: 'end' | 'start';
}

const defaultWidth = 328;
const stepPx = 16;

/** A separator that sets a pane's width. */
export function PaneDivider({ label, property, min, max, grows }: PaneDividerProps) {
  const key = `curlew.pane${property}`;
  const [width, setWidth] = useState(() => Number(localStorage.getItem(key)) || defaultWidth);
  useEffect(() => {
    document.documentElement.style.setProperty(property, `${width}px`);
    localStorage.setItem(key, String(width));
  }, [key, property, width]);
  const sign = (grows === 'end' ? 1 : -1) * (document.documentElement.dir === 'rtl' ? -1 : 1);
  const set = (next: number) => setWidth(Math.round(Math.max(min, Math.min(max, next))));
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.preventDefault();
    const element = event.currentTarget;
    const { clientX: startX, pointerId } = event;
    const move = (moved: globalThis.PointerEvent) => set(width + sign * (moved.clientX - startX));
    const stop = () => {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', stop);
      element.removeEventListener('pointercancel', stop);
    };
    element.setPointerCapture(pointerId);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', stop);
    element.addEventListener('pointercancel', stop);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowRight' ? stepPx : event.key === 'ArrowLeft' ? -stepPx : 0;
    if (step === 0) return;
    event.preventDefault();
    set(width + sign * step);
  };
  return (
    <div
      className={`pane-divider ${grows}`}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={drag}
      onDoubleClick={() => set(defaultWidth)}
      onKeyDown={onKeyDown}
    />
  );
}
