import { useTranslation } from 'react-i18next';
import type { OrganizationMeta } from '../../../ipc/views.ts';
import { Segmented } from '../../ui/field.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { changeOrganization, isManager } from './organization-actions.ts';
import { ReadReceiptsRow, RetentionRow, UrgentRow } from './lifetime-rows.tsx';

const minute = 60_000;
const choices = [null, 0, 5 * minute, 15 * minute, 60 * minute] as const;

/** What the organisation allows. */
export function PolicyGroup({ orgId, meta }: { readonly orgId: string; readonly meta: OrganizationMeta }) {
  const { t } = useTranslation();
  // Absent means the same; the whole policy is sent, so that no rule is lost.
  const {
    groupCreation = 'members',
    editWindowMs = null,
    retentionDays = null,
    readReceipts = true,
    urgentAnnouncements = false,
  } = meta.policy;
  const policy = { groupCreation, editWindowMs, retentionDays, readReceipts, urgentAnnouncements };
  const set = (change: Partial<typeof policy>) =>
    void changeOrganization('org.setPolicy', { orgId, policy: { ...policy, ...change } });
  const windowText = (ms: number | null) => {
    if (ms === null) return t('organization.always');
    return ms === 0 ? t('organization.never') : t('organization.minutes', { count: Math.round(ms / minute) });
  };
  // Another value than those offered, set by another program, stays until somebody chooses.
  const windows = [...new Set<number | null>([...choices, editWindowMs])];
  const isEditable = isManager(meta);
  return (
    <Group title={t('organization.policy')}>
      <Row title={t('organization.groupCreation')} detail={t('organization.groupCreationHelp')}>
        {isEditable ? (
          <Segmented
            label={t('organization.groupCreation')}
            value={groupCreation}
            options={[
              { value: 'members', label: t('organization.members') },
              { value: 'admins', label: t('organization.admins') },
            ]}
            onChange={(value) => set({ groupCreation: value })}
          />
        ) : (
          <span>{t(`organization.${groupCreation}`)}</span>
        )}
      </Row>
      <Row title={t('organization.editWindow')} detail={t('organization.editWindowHelp')}>
        {isEditable ? (
          <select
            className="selbox"
            aria-label={t('organization.editWindow')}
            value={String(editWindowMs)}
            onChange={(event) =>
              set({ editWindowMs: event.target.value === 'null' ? null : Number(event.target.value) })
            }
          >
            {windows.map((ms) => (
              <option key={String(ms)} value={String(ms)}>
                {windowText(ms)}
              </option>
            ))}
          </select>
        ) : (
          <span>{windowText(editWindowMs)}</span>
        )}
      </Row>
      <ReadReceiptsRow
        isOn={readReceipts}
        isEditable={isEditable}
        onChange={(value) => set({ readReceipts: value })}
      />
      <UrgentRow
        isOn={urgentAnnouncements}
        isEditable={isEditable}
        onChange={(value) => set({ urgentAnnouncements: value })}
      />
      <RetentionRow
        days={retentionDays}
        isEditable={isEditable}
        onChange={(days) => set({ retentionDays: days })}
      />
    </Group>
  );
}
