/** Opening a channel for announcements: its title and whom it reaches. It is there at once, also offline. */
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Audience } from '@curlew/shared/domain/message.ts';
import type { OrganizationMeta } from '../../../ipc/views.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { sentTitle } from '../../lib/group-title.ts';
import { openConversation } from '../../lib/navigation.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FieldError, TextField } from '../../ui/field.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { nameProblem } from './organization-actions.ts';
import { flatUnits } from './places-dialog.tsx';

interface AnnouncementProps {
  readonly orgId: string;
  readonly meta: OrganizationMeta;
}

/** See the file comment. */
export function AnnouncementGroup(props: AnnouncementProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <Group title={t('organization.announcement')}>
      <Row title={t('organization.announcementHelp')}>
        <Button size="small" aria-haspopup="dialog" onClick={() => setOpen(true)}>
          {t('organization.announcementNew')}
        </Button>
      </Row>
      <Dialog isOpen={isOpen} onClose={() => setOpen(false)} title={t('organization.announcementNew')}>
        <Form {...props} onClose={() => setOpen(false)} />
      </Dialog>
    </Group>
  );
}

function Form({ orgId, meta, onClose }: AnnouncementProps & { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState('');
  const [at, setAt] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const audiences: readonly { readonly audience: Audience; readonly label: string }[] = [
    { audience: { scope: 'org', id: orgId }, label: t('organization.everybody', { name: meta.name }) },
    ...meta.sites.flatMap((site) => [
      { audience: { scope: 'site' as const, id: site.id }, label: site.name },
      ...flatUnits(site.units, site.name).map(({ id, label }) => ({
        audience: { scope: 'unit' as const, id },
        label,
      })),
    ]),
  ];
  const create = async (event: FormEvent) => {
    event.preventDefault();
    const wrong = nameProblem(title, t);
    const audience = audiences[at]?.audience;
    setProblem(wrong);
    if (wrong !== null || !audience) return;
    const result = await invoke('announcement.create', { orgId, title: sentTitle(title), audience });
    if (!result.ok) {
      setRefusal(t('organization.refused', { reason: errorText(result.error) }));
      return;
    }
    onClose();
    openConversation(result.value.conversationId, { focusComposer: true });
  };
  return (
    <form noValidate onSubmit={(event) => void create(event)}>
      <div className="db form">
        <TextField
          label={t('organization.announcementTitle')}
          autoFocus
          autoComplete="off"
          value={title}
          error={problem}
          onChange={(event) => setTitle(event.target.value)}
        />
        <label className="field">
          <span className="label">{t('organization.audience')}</span>
          <select className="selbox" value={at} onChange={(event) => setAt(Number(event.target.value))}>
            {audiences.map(({ audience, label }, index) => (
              <option key={audience.id} value={index}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <FieldError text={refusal} />
      </div>
      <div className="df">
        <Button onClick={onClose}>{t('app.cancel')}</Button>
        <Button tone="primary" submits>
          {t('organization.create')}
        </Button>
      </div>
    </form>
  );
}
