/**
 * The quick switcher over conversations, people, messages and commands. An empty query shows recent conversations; `>`
 * first shows only commands.
 */
import { Dialog as Base } from '@base-ui/react/dialog';
import { Search, Zap } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../../lib/announcer.ts';
import { writeTo } from '../../lib/conversation-actions.ts';
import { lastPlace } from '../../lib/last-place.ts';
import { openConversation } from '../../lib/navigation.ts';
import { useOwnStatus } from '../../lib/own-status.ts';
import { useMovingView } from '../../lib/use-view.ts';
import { formatListTime } from '../../lib/format.ts';
import { openHit, useSearch } from '../../lib/search.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Excerpt } from '../../ui/excerpt.tsx';
import { Highlighted } from '../../ui/highlighted.tsx';
import { HitList } from '../../ui/hit-list.tsx';
import { Kbd, shortcutText } from '../../ui/kbd.tsx';
import { commandsOf, findCommands } from './commands.ts';

/** Messages shown after conversations and people. */
const MESSAGES = 6;

interface SwitcherProps {
  readonly isOpen: boolean;
  readonly isOffline: boolean;
  readonly onClose: () => void;
}

/** The dialog behind Ctrl+K. */
export function Switcher({ isOpen, isOffline, onClose }: SwitcherProps) {
  const { t } = useTranslation();
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Viewport className="dlg-view top">
          <Base.Popup className="dlg pal" aria-label={t('switcher.title')} finalFocus={lastPlace}>
            <Results isOffline={isOffline} onClose={onClose} />
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

function Results({ isOffline, onClose }: { readonly isOffline: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const isOnlyCommands = query.startsWith('>');
  const asked = isOnlyCommands ? '' : query;
  const view = useMovingView('switcher', { query: asked.trim() }, 'switcher');
  const { state } = view;
  const rows = (isOnlyCommands ? [] : (state?.order ?? [])).flatMap((key) => {
    const row = state?.rows[key];
    return row ? [{ key, row }] : [];
  });
  const found = useSearch(asked, 'switcher', null, MESSAGES);
  const messages = asked.trim() === '' ? [] : found.hits;
  const all = commandsOf(t, useOwnStatus());
  const commands = isOnlyCommands
    ? findCommands(all, query.slice(1))
    : asked.trim() === ''
      ? []
      : findCommands(all, asked);
  const count = rows.length + messages.length + commands.length;
  const days = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };
  useEffect(() => {
    if (query === '') return undefined;
    const timer = setTimeout(() => announce(t('switcher.count', { count })), 400);
    return () => clearTimeout(timer);
  }, [query, count, t]);
  const choose = (key: string) => {
    const hit = messages.find(({ messageId }) => messageId === key);
    const row = state?.rows[key];
    const command = commands.find(({ id }) => key === commandKey(id));
    if (command) {
      onClose();
      command.run();
    }
    if (hit) {
      onClose();
      openHit(hit);
    }
    if (!row) return;
    onClose();
    if (row.kind === 'conversation') openConversation(row.id, { focusComposer: true });
    else void writeTo(row.id);
  };
  return (
    <>
      <HitList
        query={query}
        onQuery={setQuery}
        label={t('switcher.title')}
        placeholder={t('switcher.placeholder')}
        resultsLabel={t('switcher.results')}
        fieldClass="pi"
        leading={<Search className="i i20" aria-hidden="true" />}
        trailing={<Kbd keys="Esc" />}
        emptyText={
          state && !view.isStale && query !== ''
            ? t('switcher.noneHere', { query, keys: shortcutText('Ctrl+Shift+F') })
            : null
        }
        hits={[
          ...rows.map(({ key, row }) => ({
            key,
            heading:
              query.trim() === ''
                ? t('switcher.recent')
                : t(row.kind === 'conversation' ? 'switcher.conversations' : 'switcher.people'),
            content: (
              <>
                <Avatar
                  name={row.title}
                  size={36}
                  presence={isOffline ? null : (row.presence?.state ?? null)}
                />
                <div className="grow">
                  <div className="clip med">
                    <Highlighted text={row.title} query={query} />
                  </div>
                  <div className="sub clip">
                    {row.detail}
                    {row.unread > 0 ? ` · ${t('switcher.unread', { count: row.unread })}` : ''}
                  </div>
                </div>
                <span className="opt-open" aria-hidden="true">
                  {t('switcher.open')} <Kbd keys="↵" />
                </span>
              </>
            ),
          })),
          ...messages.map((hit) => ({
            key: hit.messageId,
            heading: t('switcher.messages'),
            content: (
              <>
                <Avatar name={hit.senderName} size={36} />
                <div className="grow">
                  <div className="clip med">
                    <Excerpt excerpt={hit.excerpt} />
                  </div>
                  <div className="sub clip">
                    {t('switcher.messageIn', {
                      sender: hit.senderName,
                      title: hit.conversationTitle,
                      time: formatListTime(hit.atMs, Date.now(), days),
                    })}
                  </div>
                </div>
              </>
            ),
          })),
          ...commands.map(({ id, name, keys }) => ({
            key: commandKey(id),
            heading: t('commands.heading'),
            content: (
              <>
                <Zap className="i" aria-hidden="true" />
                <span className="grow clip">{name}</span>
                {keys === undefined ? null : <Kbd keys={keys} />}
              </>
            ),
          })),
        ]}
        onChoose={choose}
      />
      <div className="pf" aria-hidden="true">
        <span>
          <Kbd keys="↑+↓" /> {t('switcher.move')}
        </span>
        <span>
          <Kbd keys="↵" /> {t('switcher.open')}
        </span>
        <span>
          <Kbd keys=">" /> {t('commands.hint')}
        </span>
      </div>
    </>
  );
}

/** Told apart from the keys of conversations, people and messages. */
function commandKey(id: string): string {
  return `command:${id}`;
}
