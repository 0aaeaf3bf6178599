/** The floating day: shown while scrolling, gone 1.2 s after it stops. Has its own state, so that scrolling draws only it. */
import { useEffect, useState, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { dateJump } from '../../lib/date-jump.ts';
import { formatDay } from '../../lib/format.ts';
import type { TimelineItem } from './items.ts';

const lingerMs = 1200;

function timeOf(item: TimelineItem | null): number | null {
  if (item?.kind === 'message') return item.row.atMs;
  if (item?.kind === 'notice') return item.rows[0]?.atMs ?? null;
  return item?.kind === 'day' ? item.atMs : null;
}

/** The day of the first visible row; a click leads to another one. */
export function DayPill({
  conversationId,
  scroller,
  firstVisible,
}: {
  readonly conversationId: string;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly firstVisible: () => TimelineItem | null;
}) {
  const { t } = useTranslation();
  const [day, setDay] = useState<string | null>(null);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let lastUserScroll = Number.NEGATIVE_INFINITY;
    const byPerson = () => {
      lastUserScroll = performance.now();
    };
    const onScroll = () => {
      // Only the person's own scrolling brings the pill, not rows that arrive.
      if (performance.now() - lastUserScroll > 1000) return;
      const item = firstVisible();
      const atMs = timeOf(item);
      if (atMs === null) return;
      setDay(formatDay(atMs, Date.now(), { today: t('timeline.today'), yesterday: t('timeline.yesterday') }));
      setShown(true);
      clearTimeout(timer);
      timer = setTimeout(() => setShown(false), lingerMs);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    for (const name of ['wheel', 'pointerdown', 'keydown', 'touchmove'] as const) {
      element.addEventListener(name, byPerson, { passive: true });
    }
    return () => {
      clearTimeout(timer);
      element.removeEventListener('scroll', onScroll);
      for (const name of ['wheel', 'pointerdown', 'keydown', 'touchmove'] as const) {
        element.removeEventListener(name, byPerson);
      }
    };
  }, [scroller, firstVisible, t]);
  if (day === null) return null;
  return (
    <div
      className={`day sticky${isShown ? '' : ' gone'}`}
      // What it shows stands in the rows, what it does in the conversation's menu.
      aria-hidden="true"
      onClick={() => dateJump.set(conversationId)}
    >
      {day}
    </div>
  );
}
