/** Adds people to a group; those already in are not offered. */
import { useMemo, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { MemberRow, PersonRow } from '../../../ipc/views.ts';
import { announce } from '../../lib/announcer.ts';
import { changeGroup } from '../../lib/group-actions.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FieldError } from '../../ui/field.tsx';
import { PeoplePicker } from '../../ui/people-picker.tsx';

interface AddPeopleProps {
  readonly isOpen: boolean;
  readonly conversationId: string;
  readonly title: string;
  readonly members: readonly MemberRow[];
  readonly isOffline: boolean;
  readonly onClose: () => void;
}

/** The dialog. */
export function AddPeople(props: AddPeopleProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      isOpen={props.isOpen}
      onClose={props.onClose}
      title={t('group.addTitle', { title: props.title })}
      width="wide"
    >
      <Form {...props} />
    </Dialog>
  );
}

function Form({ conversationId, members, isOffline, onClose }: AddPeopleProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<readonly PersonRow[]>([]);
  const [wasSent, setSent] = useState(false);
  const excludedIds = useMemo(() => new Set(members.map((member) => member.id)), [members]);
  const add = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    const userIds = chosen.map((person) => person.id).filter((id) => !excludedIds.has(id));
    if (userIds.length > 0 && (await changeGroup('group.add', { conversationId, userIds }))) onClose();
  };
  return (
    <form onSubmit={(event) => void add(event)}>
      <div className="db find-people field">
        <PeoplePicker
          label={t('newConversation.people')}
          excludedIds={excludedIds}
          chosen={chosen}
          isOffline={isOffline}
          nobodyText={t(chosen.length > 0 ? 'newConversation.everyoneChosen' : 'group.everyoneIn')}
          onAdd={(person) => {
            setChosen([...chosen, person]);
            announce(t('newConversation.added', { name: person.name }));
          }}
          onRemove={(person) => setChosen(chosen.filter((each) => each.id !== person.id))}
        />
        <FieldError text={wasSent && chosen.length === 0 ? t('newConversation.nobody') : null} />
      </div>
      <div className="df">
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button tone="primary" submits>
          {chosen.length === 0 ? t('group.add') : t('group.addWith', { count: chosen.length })}
        </Button>
      </div>
    </form>
  );
}
