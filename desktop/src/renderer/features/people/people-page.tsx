/** People: everyone in my organizations, with presence and a button to write. */
import { Contact, Search, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PersonRow } from '../../../ipc/views.ts';
import { writeTo } from '../../lib/conversation-actions.ts';
import { leavePage } from '../../lib/navigation.ts';
import { usePresenceWatch } from '../../lib/presence-watch.ts';
import { presenceText } from '../../lib/presence-text.ts';
import { useMovingView } from '../../lib/use-view.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Highlighted } from '../../ui/highlighted.tsx';
import { EmptyState, Page } from '../../ui/page.tsx';
import { PersonMarks } from '../../ui/person-marks.tsx';
import { InviteDialog } from './invite-dialog.tsx';

/** People listed at most; the search finds the others. */
const shownPeople = 200;

interface PeoplePageProps {
  readonly ownUserId: string;
  readonly isOffline: boolean;
  /** Only people of this organization. */
  readonly scopeId: string | undefined;
  /** The organization to invite to, when I may; null otherwise. */
  readonly inviteOrg: { readonly id: string; readonly name: string } | null;
}

/** The page. */
export function PeoplePage({ ownUserId, isOffline, inviteOrg, scopeId }: PeoplePageProps) {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const [isInviting, setInviting] = useState(false);
  const view = useMovingView(
    'people',
    { query: query.trim(), limit: shownPeople, ...(scopeId ? { orgId: scopeId } : {}) },
    `people ${scopeId}`,
  );
  const { state } = view;
  const people = (state?.order ?? []).flatMap((key) => state?.rows[key] ?? []);
  const isAlone = state !== null && query === '' && people.length === 0;
  usePresenceWatch(people.map((person) => person.id));
  return (
    <Page
      title={t('people.title')}
      lead={state ? t('people.lead', { count: state.meta.total }) : null}
      closeLabel={t('people.close')}
      width="widest"
      onClose={leavePage}
      action={
        // Where nobody is to be listed the page itself offers it.
        inviteOrg && !isAlone ? (
          <Button onClick={() => setInviting(true)}>
            <UserPlus className="i i16" aria-hidden="true" />
            {t('people.invite')}
          </Button>
        ) : null
      }
    >
      <div className="inp">
        <Search className="i i16" aria-hidden="true" />
        <input
          className="grow"
          type="search"
          aria-label={t('people.find')}
          placeholder={t('people.find')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      {people.length > 0 ? (
        <ul className="sbox people-list" aria-label={t('people.everyone')}>
          {people.map((person) => (
            <Person
              key={person.id}
              person={person}
              query={query}
              isOwn={person.id === ownUserId}
              isOffline={isOffline}
            />
          ))}
        </ul>
      ) : state && !view.isStale ? (
        isAlone ? (
          <EmptyState
            icon={<Contact className="i" />}
            title={t('alone.title')}
            body={t(inviteOrg ? 'alone.invite' : 'alone.ask')}
          >
            {inviteOrg ? (
              <Button tone="primary" onClick={() => setInviting(true)}>
                <UserPlus className="i i16" aria-hidden="true" />
                {t('people.invite')}
              </Button>
            ) : null}
          </EmptyState>
        ) : (
          <p className="t3 page-note" role="status">
            {t('people.none', { query })}
          </p>
        )
      ) : null}
      {inviteOrg ? (
        <InviteDialog org={inviteOrg} isOpen={isInviting} onClose={() => setInviting(false)} />
      ) : null}
    </Page>
  );
}

function Person({
  person,
  query,
  isOwn,
  isOffline,
}: {
  readonly person: PersonRow;
  readonly query: string;
  readonly isOwn: boolean;
  readonly isOffline: boolean;
}) {
  const { t } = useTranslation();
  return (
    <li className="srow">
      <Avatar
        name={person.name}
        size={36}
        presence={isOffline ? null : (person.presence?.state ?? 'offline')}
      />
      <div className="grow">
        <div className="med row marked">
          <span className="clip">
            <Highlighted text={isOwn ? t('details.you', { name: person.name }) : person.name} query={query} />
          </span>
          <PersonMarks {...person} />
        </div>
        {person.title ? <div className="d clip">{person.title}</div> : null}
      </div>
      <span className="s13 t2 person-status">{presenceText(person.presence, isOffline, t)}</span>
      {isOwn ? (
        <span className="person-act" />
      ) : (
        <Button
          size="small"
          aria-label={t('people.messageName', { name: person.name })}
          onClick={() => void writeTo(person.id)}
        >
          {t('people.message')}
        </Button>
      )}
    </li>
  );
}
