/** What may be changed about an organisation, and making changes. They show at once; a refusal by this device becomes a toast. */
import type { TFunction } from 'i18next';
import type { OrgRole } from '@curlew/shared/domain/entries.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { IntentName, IntentRequest } from '../../../ipc/intents.ts';
import type { OrganizationMeta, OrgPersonRow } from '../../../ipc/views.ts';
import { errorText, translate } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { sentTitle } from '../../lib/group-title.ts';
import { showToast } from '../../lib/toast.ts';

type Change = Extract<IntentName, `org.${string}` | 'invite.revoke'>;

/** Makes a change; resolves to whether it was taken. */
export async function changeOrganization<I extends Change>(
  change: I,
  request: IntentRequest<I>,
): Promise<boolean> {
  const result = await invoke(change, request);
  if (!result.ok)
    showToast({ text: translate()('organization.refused', { reason: errorText(result.error) }) });
  return result.ok;
}

/** Whether I may change the organisation at all. */
export function isManager(meta: OrganizationMeta): boolean {
  return meta.ownRole === 'owner' || meta.ownRole === 'admin';
}

/** Roles I may give somebody; none when I may not touch them. Then they cannot be taken out either. */
export function rolesToGive(
  meta: OrganizationMeta,
  person: OrgPersonRow,
  ownUserId: string,
): readonly OrgRole[] {
  const isOwner = meta.ownRole === 'owner';
  if (!isManager(meta) || person.id === ownUserId || (person.role === 'owner' && !isOwner)) return [];
  const roles: readonly OrgRole[] = ['owner', 'admin', 'member', 'guest'];
  return roles.filter((role) => role !== person.role && (role !== 'owner' || isOwner));
}

/** Why a name cannot be saved, or null. */
export function nameProblem(name: string, t: TFunction): string | null {
  const sent = sentTitle(name);
  if (sent === '') return t('organization.nameMissing');
  return new TextEncoder().encode(sent).length > limits.nameBytes ? t('organization.nameTooLong') : null;
}
