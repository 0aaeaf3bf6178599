/** The people of message info, under how far a message got with them. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { IntentAnswer } from '../../../ipc/intents.ts';
import { dayKey, formatListTime, formatTime } from '../../lib/format.ts';
import { Avatar } from '../../ui/avatar.tsx';

type Receipts = IntentAnswer<'message.info'>['receipts'];

/** A step and who stands there; nothing when nobody does. */
export function People({
  people,
  icon,
  title,
}: {
  readonly people: Receipts;
  readonly icon: ReactNode;
  readonly title: string;
}) {
  if (people.length === 0) return null;
  return (
    <section className="sec" aria-label={title}>
      <h3>
        {icon}
        {title}
      </h3>
      <Names people={people} />
    </section>
  );
}

/** Names with when each of them got and read it, as far as it is known. */
export function Names({ people }: { readonly people: Receipts }) {
  const { t } = useTranslation();
  const words = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };
  return (
    <>
      {people.map((person) => (
        <div className="li" key={person.userId}>
          <Avatar name={person.name} size={28} />
          <div className="grow clip">
            {person.name}
            {person.delivered && person.deliveredAtMs !== null ? (
              <div className="s12 t3 num clip">
                {t('info.deliveredAt', { time: stepTime(person.deliveredAtMs, words) })}
              </div>
            ) : null}
          </div>
          <span className="s12 t3 num">
            {person.readAtMs === null ? '' : t('info.readAt', { time: stepTime(person.readAtMs, words) })}
          </span>
        </div>
      ))}
    </>
  );
}

/** By clock today, with its day before. */
function stepTime(atMs: number, words: { readonly today: string; readonly yesterday: string }): string {
  const now = Date.now();
  const time = formatTime(atMs);
  return dayKey(atMs) === dayKey(now) ? time : `${formatListTime(atMs, now, words)}, ${time}`;
}
