/**
 * A conversation about an item of another system: which item, and who takes part. There is one for each item, so asking
 * for one that exists opens it. It is there at once, also offline.
 */
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import { limits } from '@curlew/shared/domain/limits.ts';
import { conversationLinkSchema, webUrlSchema } from '@curlew/shared/domain/message.ts';
import type { PersonRow } from '../../../ipc/views.ts';
import { errorText } from '../../i18n/index.ts';
import { announce } from '../../lib/announcer.ts';
import { invoke } from '../../lib/bridge.ts';
import { sentTitle, titleProblem } from '../../lib/group-title.ts';
import { openConversation, type NewConversationSeed } from '../../lib/navigation.ts';
import { Button } from '../../ui/button.tsx';
import { FieldError, TextField } from '../../ui/field.tsx';
import { PeoplePicker } from '../../ui/people-picker.tsx';
import { sharedOrg } from './shared-org.ts';

interface LinkedFormProps {
  readonly ownUserId: string;
  /** Organizations I may make groups in. */
  readonly orgs: readonly { readonly id: string }[];
  /** Only people of this organization; undefined: of all. */
  readonly scopeId: string | undefined;
  readonly isOffline: boolean;
  /** What is known of the item already. */
  readonly item: NewConversationSeed['item'];
  /** False when an arrow in the choice of kinds brought it up: the focus stays there. */
  readonly takesFocus: boolean;
  readonly onClose: () => void;
}

type FieldName = 'type' | 'id' | 'title' | 'url';
const fieldNames: readonly FieldName[] = ['type', 'id', 'title', 'url'];
/** What most linked items are. */
const usualType = 'ticket';

/** The form. */
export function LinkedForm({
  ownUserId,
  orgs,
  scopeId,
  isOffline,
  item,
  takesFocus,
  onClose,
}: LinkedFormProps) {
  const { t } = useTranslation();
  const [fields, setFields] = useState<Readonly<Record<FieldName, string>>>({
    type: item?.type ?? usualType,
    id: item?.id ?? '',
    title: item?.title ?? '',
    url: item?.url ?? '',
  });
  const [chosen, setChosen] = useState<readonly PersonRow[]>([]);
  const [wasSent, setSent] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [excludedIds] = useState(() => new Set([ownUserId]));
  const form = useRef<HTMLFormElement>(null);
  const orgId = sharedOrg(orgs, chosen);

  const create = async (event: FormEvent) => {
    event.preventDefault();
    setSent(true);
    setRefusal(null);
    const wrong = fieldNames.find((name) => problemOf(name, fields[name], t) !== null);
    if (wrong !== undefined || orgId === null) {
      form.current
        ?.querySelector<HTMLElement>(wrong ? `input[name="${wrong}"]` : '[role="combobox"]')
        ?.focus();
      return;
    }
    const result = await invoke('linked.open', {
      orgId,
      type: sentTitle(fields.type),
      id: sentTitle(fields.id),
      create: {
        orgId,
        title: sentTitle(fields.title),
        url: fields.url.trim(),
        memberIds: chosen.map((person) => person.id),
      },
    });
    if (!result.ok || result.value.conversationId === null) {
      setRefusal(t('newConversation.linkedRefused', { reason: result.ok ? '' : errorText(result.error) }));
      return;
    }
    onClose();
    openConversation(result.value.conversationId, { focusComposer: true });
  };

  const field = (name: FieldName) => ({
    name,
    required: true,
    autoComplete: 'off',
    value: fields[name],
    error: wasSent ? problemOf(name, fields[name], t) : null,
    onChange: ({ target }: { readonly target: HTMLInputElement }) =>
      setFields((before) => ({ ...before, [name]: target.value })),
  });
  return (
    <form ref={form} noValidate onSubmit={(event) => void create(event)}>
      <div className="db form">
        <div className="item-fields">
          <TextField label={t('newConversation.itemType')} {...field('type')} />
          <TextField
            label={t('newConversation.itemId')}
            isMono
            autoFocus={!item && takesFocus}
            {...field('id')}
          />
        </div>
        <TextField label={t('newConversation.itemTitle')} {...field('title')} />
        <TextField
          label={t('newConversation.itemUrl')}
          type="url"
          placeholder="https://"
          help={<span className="s12 t3">{t('newConversation.itemHelp')}</span>}
          {...field('url')}
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
          <FieldError text={wasSent && orgId === null ? t('newConversation.noSharedOrg') : null} />
        </div>
        <FieldError text={refusal} />
      </div>
      <div className="df">
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button tone="primary" submits>
          {t('newConversation.openLinked')}
        </Button>
      </div>
    </form>
  );
}

/** Why a field cannot be sent, or null. */
function problemOf(name: FieldName, value: string, t: TFunction): string | null {
  switch (name) {
    case 'title':
      return titleProblem(value, true, t);
    case 'url':
      return webUrlSchema.safeParse(value.trim()).success ? null : t('newConversation.urlWrong');
    case 'type':
    case 'id':
      return conversationLinkSchema.shape[name].safeParse(sentTitle(value)).success
        ? null
        : t('newConversation.itemWrong');
  }
}
