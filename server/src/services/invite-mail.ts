/** The e-mail that brings an invitation. Owns its words; plain text, since a link and a code need no more. */
import type { Mail } from '../infra/mailer.ts';

/** What an invitation says. */
export interface InviteMail {
  readonly to: string;
  readonly from: string;
  readonly org: string;
  readonly url: string;
  readonly code: string;
  readonly expiresAt: number | null;
}

// Names come from people: a line break in one must not begin a line of the message.
const oneLine = (name: string): string => name.replace(/\s+/g, ' ').trim();

/** Writes the message. */
export function inviteMail({ to, from, org, url, code, expiresAt }: InviteMail): Mail {
  const until =
    expiresAt === null
      ? 'It works until it is revoked.'
      : `It works until ${new Date(expiresAt).toUTCString()}.`;
  const text = [
    `${oneLine(from)} invites you to ${oneLine(org)} on Curlew.`,
    `Open this link, or enter the code in the app:`,
    `${url}\n${code}`,
    until,
    'If you did not expect this, you need not do anything.',
  ].join('\n\n');
  return { to, subject: `Invitation to ${oneLine(org)}`, text };
}
