/** A new group: its name, its people, and what those who join later see. It is there at once, also offline. */
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { IntentRequest } from '../../../ipc/intents.ts';
import type { PersonRow } from '../../../ipc/views.ts';
import { errorText } from '../../i18n/index.ts';
import { announce } from '../../lib/announcer.ts';
import { invoke } from '../../lib/bridge.ts';
import { sentTitle, titleProblem } from '../../lib/group-title.ts';
import { openConversation } from '../../lib/navigation.ts';
import { Button } from '../../ui/button.tsx';
import { FieldError, Segmented, TextField } from '../../ui/field.tsx';
import { PeoplePicker } from '../../ui/people-picker.tsx';
import { sharedOrg } from './shared-org.ts';

type History = IntentRequest<'group.create'>['history'];

interface GroupFormProps {
  readonly ownUserId: string;
  /** Organizations I may make groups in. */
  readonly orgs: readonly { readonly id: string }[];
  /** Only people of this organization; undefined: of all. */
  readonly scopeId: string | undefined;
  readonly isOffline: boolean;
  readonly onClose: () => void;
}

/** The form. */
export function GroupForm({ ownUserId, orgs, scopeId, isOffline, onClose }: GroupFormProps) {
  const { t } = useTranslation();
  const [title, setTitle] = useState('');
  const [chosen, setChosen] = useState<readonly PersonRow[]>([]);
  const [history, setHistory] = useState<History>('all');
  const [wasSent, setSent] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [excludedIds] = useState(() => new Set([ownUserId]));
  const form = useRef<HTMLFormElement>(null);
  const orgId = sharedOrg(orgs, chosen);
  const nameProblem = titleProblem(title, wasSent, t);
  const peopleProblem =
    chosen.length === 0
      ? wasSent
        ? t('newConversation.nobody')
        : null
      : orgId === null
        ? t('newConversation.noSharedOrg')
        : null;

  const create = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    setRefusal(null);
    const wrongName = titleProblem(title, true, t) !== null;
    if (wrongName || chosen.length === 0 || orgId === null) {
      form.current
        ?.querySelector<HTMLElement>(wrongName ? 'input[name="title"]' : '[role="combobox"]')
        ?.focus();
      return;
    }
    const memberIds = chosen.map((person) => person.id);
    const result = await invoke('group.create', { orgId, title: sentTitle(title), memberIds, history });
    if (!result.ok) {
      setRefusal(t('newConversation.refused', { reason: errorText(result.error) }));
      return;
    }
    onClose();
    openConversation(result.value.conversationId, { focusComposer: true });
  };

  return (
    <form ref={form} noValidate onSubmit={(event) => void create(event)}>
      <div className="db form">
        <TextField
          label={t('group.name')}
          name="title"
          required
          autoComplete="off"
          value={title}
          error={nameProblem}
          onChange={(event) => setTitle(event.target.value)}
        />
        <div className="find-people field">
          <span className="label" aria-hidden="true">
            {t('newConversation.people')}
          </span>
          <PeoplePicker
            label={t('newConversation.people')}
            excludedIds={excludedIds}
            orgId={scopeId}
            chosen={chosen}
            isOffline={isOffline}
            nobodyText={t(chosen.length > 0 ? 'newConversation.everyoneChosen' : 'people.alone')}
            takesFocus={false}
            onAdd={(person) => {
              if (chosen.length >= limits.createMembers) return;
              setChosen([...chosen, person]);
              announce(t('newConversation.added', { name: person.name }));
            }}
            onRemove={(person) => setChosen(chosen.filter((each) => each.id !== person.id))}
          />
          <FieldError text={peopleProblem} />
        </div>
        <div className="history-choice">
          <span className="grow" aria-hidden="true">
            {t('newConversation.history')}
          </span>
          <Segmented
            label={t('newConversation.history')}
            value={history}
            options={[
              { value: 'all', label: t('newConversation.historyAll') },
              { value: 'joined', label: t('newConversation.historyJoined') },
            ]}
            onChange={setHistory}
          />
        </div>
        <FieldError text={refusal} />
      </div>
      <div className="df">
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button tone="primary" submits>
          {chosen.length === 0
            ? t('newConversation.create')
            : t('newConversation.createWith', { count: chosen.length })}
        </Button>
      </div>
    </form>
  );
}
