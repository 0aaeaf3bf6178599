/** `reset-password EMAIL`: a new password for somebody who lost theirs, set by whoever runs the server. */
import type { IdentityRepository } from '../repositories/identity-repository.ts';
import type { OrgRepository } from '../repositories/org-repository.ts';
import { setPassword } from '../services/password-reset.ts';
import { readableCode } from '../services/setup-code.ts';

/**
 * Sets the password and ends every sign-in of the account.
 * @param given undefined = make one and tell it
 */
export async function resetPassword(
  repositories: { readonly identities: IdentityRepository; readonly orgs: OrgRepository },
  email: string,
  given: string | undefined,
): Promise<{ readonly ok: boolean; readonly message: string }> {
  const password = given ?? readableCode(4);
  const done = await setPassword(repositories, email, password);
  if (!done.ok) return { ok: false, message: done.error.message };
  const told =
    given === undefined ? `The new password of ${email} is ${password}` : `${email} has a new password`;
  return { ok: true, message: `${told}. Every device of this account has to sign in again.` };
}
