/** Passes a message on to conversations and people, with a comment or without. */
import '../../ui/people-picker.css';
import './forward.css';
import { Search } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { SwitcherRow } from '../../../ipc/views.ts';
import { errorText } from '../../i18n/index.ts';
import { announce } from '../../lib/announcer.ts';
import { invoke } from '../../lib/bridge.ts';
import { forwarding, type Forwarding } from '../../lib/forwarding.ts';
import { openConversation } from '../../lib/navigation.ts';
import { useStore } from '../../lib/store.ts';
import { showToast } from '../../lib/toast.ts';
import { useMovingView } from '../../lib/use-view.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FieldError } from '../../ui/field.tsx';
import { Highlighted } from '../../ui/highlighted.tsx';
import { HitList } from '../../ui/hit-list.tsx';
import { Kbd } from '../../ui/kbd.tsx';

/** Places one message can be passed on to at once. */
const mostPlaces = 20;

/** Open while a message is being forwarded. */
export function ForwardDialog() {
  const { t } = useTranslation();
  const asked = useStore(forwarding, (value) => value);
  const close = () => forwarding.set(null);
  return (
    <Dialog isOpen={asked !== null} onClose={close} title={t('forward.title')} width="wide">
      {asked ? <Form key={asked.row.id} asked={asked} onClose={close} /> : null}
    </Dialog>
  );
}

function Form({ asked, onClose }: { readonly asked: Forwarding; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<readonly SwitcherRow[]>([]);
  const [comment, setComment] = useState('');
  const [error, setError] = useState<string | null>(null);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (chosen.length === 0) return setError(t('forward.nowhere'));
    const result = await invoke('message.forward', {
      conversationId: asked.conversationId,
      messageId: asked.row.id,
      to: chosen.map(({ kind, id }) => ({ kind, id })),
      comment,
    });
    if (!result.ok) return setError(errorText(result.error));
    onClose();
    const [only] = chosen;
    const action =
      chosen.length === 1 && only?.kind === 'conversation'
        ? { label: t('forward.open'), run: () => openConversation(only.id, { focusComposer: true }) }
        : undefined;
    showToast({ text: t('forward.done', { count: chosen.length }), action });
  };
  return (
    <form onSubmit={(event) => void send(event)}>
      <div className="db find-people field forward">
        <div className="dlg-quote">{asked.row.text?.slice(0, 300)}</div>
        <Places
          chosen={chosen}
          onAdd={(row) => {
            setError(null);
            setChosen([...chosen, row]);
            announce(t('newConversation.added', { name: row.title }));
          }}
          onRemove={(row) => {
            setChosen(chosen.filter((each) => each.id !== row.id));
            announce(t('newConversation.removed', { name: row.title }));
          }}
        />
        <textarea
          className="area"
          rows={2}
          aria-label={t('forward.comment')}
          placeholder={t('forward.comment')}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
        <FieldError text={error} />
      </div>
      <div className="df">
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button tone="primary" submits>
          {chosen.length < 2 ? t('forward.send') : t('forward.sendMany', { count: chosen.length })}
        </Button>
      </div>
    </form>
  );
}

function Places({
  chosen,
  onAdd,
  onRemove,
}: {
  readonly chosen: readonly SwitcherRow[];
  readonly onAdd: (row: SwitcherRow) => void;
  readonly onRemove: (row: SwitcherRow) => void;
}) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const view = useMovingView('switcher', { query: query.trim() }, 'forward');
  const { state } = view;
  const rows =
    chosen.length >= mostPlaces
      ? []
      : (state?.order ?? [])
          .flatMap((key) => state?.rows[key] ?? [])
          .filter((row) => !chosen.some((each) => each.id === row.id));
  useEffect(() => {
    if (query === '') return undefined;
    const timer = setTimeout(() => announce(t('switcher.count', { count: rows.length })), 400);
    return () => clearTimeout(timer);
  }, [query, rows.length, t]);
  const last = chosen.at(-1);
  return (
    <HitList
      query={query}
      onQuery={setQuery}
      label={t('forward.to')}
      placeholder={t('forward.placeholder')}
      resultsLabel={t('switcher.results')}
      fieldClass={`inp${chosen.length > 0 ? ' with-chips' : ''}`}
      leading={
        chosen.length === 0 ? (
          <Search className="i i16" aria-hidden="true" />
        ) : (
          chosen.map((row) => (
            <Chip
              key={row.id}
              name={row.title}
              removeLabel={t('newConversation.remove', { name: row.title })}
              onRemove={() => onRemove(row)}
            />
          ))
        )
      }
      emptyText={state && !view.isStale && query !== '' ? t('switcher.none', { query }) : null}
      hits={rows.map((row) => ({
        key: row.id,
        heading: '',
        content: (
          <>
            <Avatar name={row.title} size={32} />
            <div className="grow">
              <div className="clip med">
                <Highlighted text={row.title} query={query} />
              </div>
              <div className="sub clip">{row.detail}</div>
            </div>
            <Kbd keys="↵" />
          </>
        ),
      }))}
      onChoose={(id) => {
        const row = rows.find((each) => each.id === id);
        // Rows of the words before these: Enter would take another one than it will show.
        if (!row || view.isStale) return;
        setQuery('');
        onAdd(row);
      }}
      onBackspace={last ? () => onRemove(last) : undefined}
    />
  );
}
