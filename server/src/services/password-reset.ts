/** Setting somebody's password without knowing the old one; only the command line may. Ends every sign-in. */
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { IdentityRepository } from '../repositories/identity-repository.ts';
import type { OrgRepository } from '../repositories/org-repository.ts';
import { normalEmail } from './email.ts';
import { hashPassword, isWeakPassword } from './passwords.ts';
import type { Outcome } from './service-types.ts';

/** Sets a new password; NOT_FOUND for an unknown address, PASSWORD_WEAK for a bad choice. */
export async function setPassword(
  {
    identities,
    orgs,
  }: { readonly identities: IdentityRepository; readonly orgs: Pick<OrgRepository, 'audit'> },
  email: string,
  password: string,
): Promise<Outcome<null>> {
  const account = await identities.findByEmail(normalEmail(email));
  if (!account) return err(errorBody('NOT_FOUND'));
  if (isWeakPassword(password)) return err(errorBody('PASSWORD_WEAK'));
  await identities.setPassword(account.id, await hashPassword(password));
  await identities.revokeSessionsOf(account.id, 'password', undefined);
  await orgs.audit({ actorId: undefined, orgId: undefined, action: 'password.reset', target: account.id });
  return ok(null);
}
