/** New conversation: choose a person; the direct conversation opens at once, also offline. */
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { announce } from '../../lib/announcer.ts';
import { writeTo } from '../../lib/conversation-actions.ts';
import { presenceText } from '../../lib/presence-text.ts';
import { useMovingView } from '../../lib/use-view.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Highlighted } from '../../ui/highlighted.tsx';
import { HitList } from '../../ui/hit-list.tsx';
import { Kbd } from '../../ui/kbd.tsx';

/** People listed at most. */
const shownPeople = 30;

interface NewConversationProps {
  readonly isOpen: boolean;
  readonly ownUserId: string;
  readonly isOffline: boolean;
  readonly onClose: () => void;
}

/** The dialog. */
export function NewConversation(props: NewConversationProps) {
  const { t } = useTranslation();
  return (
    <Dialog isOpen={props.isOpen} onClose={props.onClose} title={t('newConversation.title')} width="wide">
      <PeopleSearch {...props} />
    </Dialog>
  );
}

function PeopleSearch({ ownUserId, isOffline, onClose }: NewConversationProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const view = useMovingView('people', { query: query.trim(), limit: shownPeople }, 'people');
  const { state } = view;
  const people = (state?.order ?? [])
    .flatMap((key) => state?.rows[key] ?? [])
    .filter((each) => each.id !== ownUserId);
  useEffect(() => {
    if (query === '') return undefined;
    const timer = setTimeout(() => announce(t('newConversation.resultCount', { count: people.length })), 400);
    return () => clearTimeout(timer);
  }, [query, people.length, t]);
  return (
    <div className="db find-people">
      <HitList
        query={query}
        onQuery={setQuery}
        label={t('newConversation.field')}
        placeholder={t('newConversation.placeholder')}
        resultsLabel={t('newConversation.results')}
        fieldClass="inp"
        leading={<Search className="i i16" aria-hidden="true" />}
        emptyText={
          state && !view.isStale
            ? query === ''
              ? t('people.alone')
              : t('newConversation.none', { query })
            : null
        }
        hits={people.map((person) => ({
          key: person.id,
          heading: '',
          content: (
            <>
              <Avatar
                name={person.name}
                size={32}
                presence={isOffline ? null : (person.presence?.state ?? 'offline')}
              />
              <div className="grow">
                <div className="clip med">
                  <Highlighted text={person.name} query={query} />
                </div>
                <div className="sub clip">{person.title ?? presenceText(person.presence, isOffline, t)}</div>
              </div>
              <Kbd keys="↵" />
            </>
          ),
        }))}
        onChoose={(userId) => {
          onClose();
          void writeTo(userId);
        }}
      />
    </div>
  );
}
