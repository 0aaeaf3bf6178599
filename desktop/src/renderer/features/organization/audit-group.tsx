/** What was done in running the organisation: filtered by person and action, page by page, and saved as a file. */
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { IntentAnswer } from '../../../ipc/intents.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { formatFull } from '../../lib/format.ts';
import { showToast } from '../../lib/toast.ts';
import { useView } from '../../lib/use-view.ts';
import { Button } from '../../ui/button.tsx';
import { FieldError } from '../../ui/field.tsx';
import { Group, Row } from '../../ui/page.tsx';

type Entry = IntentAnswer<'audit.list'>['entries'][number];

const actions = [
  'role.set',
  'member.deactivate',
  'member.reactivate',
  'member.remove',
  'member.leave',
  'org.join',
  'invite.create',
  'invite.revoke',
  'policy.set',
  'places.set',
  'site.add',
  'site.set',
  'site.remove',
  'unit.add',
  'unit.set',
  'unit.remove',
  'announcement.create',
  'org.create',
  'org.rename',
  'audit.export',
  'import.slack',
  'messages.export',
] as const;
type Action = (typeof actions)[number];
const isKnown = (action: string): action is Action => actions.some((known) => known === action);

/** People offered in the filter. */
const offeredPeople = 200;

/** See the file comment. */
export function AuditGroup({ orgId }: { readonly orgId: string }) {
  const { t } = useTranslation();
  const [personId, setPersonId] = useState('');
  const [action, setAction] = useState('');
  const [entries, setEntries] = useState<readonly Entry[] | null>(null);
  const [next, setNext] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const { state } = useView('organization', { orgId, query: '', limit: offeredPeople });
  const people = (state?.order ?? []).flatMap((key) => state?.rows[key] ?? []);
  const load = useCallback(
    async (before: number | null) => {
      const filter = { ...(personId ? { personId } : {}), ...(action ? { action } : {}) };
      const page = { orgId, ...filter, ...(before === null ? {} : { before }) };
      const result = await invoke('audit.list', page);
      setProblem(result.ok ? null : t('organization.auditFailed', { reason: errorText(result.error) }));
      if (!result.ok) return;
      const { entries: more } = result.value;
      setEntries((shown) => (before === null ? more : [...(shown ?? []), ...more]));
      setNext(result.value.next);
    },
    [orgId, personId, action, t],
  );
  useEffect(() => void load(null), [load]);
  const save = async (format: 'csv' | 'json') => {
    const filter = { ...(personId ? { personId } : {}), ...(action ? { action } : {}) };
    const result = await invoke('audit.export', { orgId, ...filter, format });
    if (!result.ok) showToast({ text: t('organization.refused', { reason: errorText(result.error) }) });
    else if (result.value.isSaved) showToast({ text: t('organization.auditSaved') });
  };
  return (
    <Group title={t('organization.audit')}>
      <div className="srow org-audit-filter">
        <select
          className="selbox grow"
          aria-label={t('organization.auditPerson')}
          value={personId}
          onChange={(event) => setPersonId(event.target.value)}
        >
          <option value="">{t('organization.auditEverybody')}</option>
          {people.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <select
          className="selbox grow"
          aria-label={t('organization.auditAction')}
          value={action}
          onChange={(event) => setAction(event.target.value)}
        >
          <option value="">{t('organization.auditEverything')}</option>
          {actions.map((each) => (
            <option key={each} value={each}>
              {t(`organization.auditKind.${each}`)}
            </option>
          ))}
        </select>
      </div>
      <FieldError text={problem} />
      {(entries ?? []).map((entry) => (
        <AuditRow key={entry.id} entry={entry} />
      ))}
      {entries?.length === 0 ? <Row title={t('organization.auditNone')} /> : null}
      <Row title={t('organization.auditHelp')}>
        {next === null ? null : (
          <Button size="small" onClick={() => void load(next)}>
            {t('organization.auditOlder')}
          </Button>
        )}
        <Button size="small" onClick={() => void save('csv')}>
          {t('organization.auditCsv')}
        </Button>
        <Button size="small" onClick={() => void save('json')}>
          {t('organization.auditJson')}
        </Button>
      </Row>
    </Group>
  );
}

function AuditRow({ entry }: { readonly entry: Entry }) {
  const { t } = useTranslation();
  const { action, actorName, targetName, at } = entry;
  const what = isKnown(action) ? t(`organization.auditKind.${action}`) : action;
  return (
    <Row
      title={targetName === null ? what : t('organization.auditAbout', { what, target: targetName })}
      detail={t('organization.auditBy', {
        name: actorName ?? t('organization.auditServer'),
        time: formatFull(at),
      })}
    />
  );
}
