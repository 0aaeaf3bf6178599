/** Invites: codes that let people into an organisation. A code is shown once and stored only as its hash. */
import { err, ok } from '@curlew/shared/lib/result.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import type { Mailer } from '../infra/mailer.ts';
import type { InviteRow, OpenInvite, OrgRepository } from '../repositories/org-repository.ts';
import { newId, type Now } from './clock.ts';
import { inviteMail } from './invite-mail.ts';
import { hashToken } from './refresh-rotation.ts';
import type { FanOut, LogServices, Outcome } from './service-types.ts';
import { normalCode, readableCode } from './setup-code.ts';

/** An invite as its maker sees it, the only time the code is readable. */
export interface MadeInvite {
  readonly id: string;
  readonly code: string;
  readonly expiresAt: number | null;
  readonly maxUses: number | null;
  readonly uses: number;
}

/** What an invite allows. */
export interface InviteOptions {
  readonly maxUses?: number | null | undefined;
  readonly expiresInMs?: number | null | undefined;
}

/** Where an invite goes, and what the message names. */
export interface MailOptions {
  readonly email: string;
  readonly from: string;
  readonly org: string;
  /** the link of a code */
  readonly urlOf: (code: string) => string;
}

/** Who joins. */
export interface Joiner {
  readonly userId: string;
  readonly deviceId: string;
  readonly name: string;
}

/** See the file's head. The caller has authorised `make`, `list` and `revoke`. */
export interface Invites {
  make(orgId: string, createdBy: string, options: InviteOptions): Promise<MadeInvite>;
  /** Makes an invite, for one person unless `maxUses` says otherwise, and sends it; without a mail server, or when it does not take the message, none is made. */
  mail(orgId: string, createdBy: string, options: InviteOptions & MailOptions): Promise<Outcome<MadeInvite>>;
  /** The invites of an organisation that still let somebody in. */
  list(orgId: string): Promise<readonly OpenInvite[]>;
  /** Ends an invite; NOT_FOUND when the organisation has none of this id. */
  revoke(orgId: string, revokedBy: string, inviteId: string): Promise<Outcome<null>>;
  /** The usable invite behind a code or an invitation link. */
  find(codeOrLink: string): Promise<InviteRow | undefined>;
  /** Takes one use and joins the person. Who was removed by somebody else needs an invite made after that. */
  redeem(invite: InviteRow, joiner: Joiner): Promise<Outcome<readonly FanOut[]>>;
}

/** The code in what a person pasted: the code itself, or the last part of an invitation link. */
function codeOf(codeOrLink: string): string {
  return normalCode(codeOrLink.trim().replace(/\/+$/, '').split('/').at(-1) ?? '');
}

/** What the service is made of. */
export interface InvitesParts {
  readonly orgs: OrgRepository;
  readonly logs: Pick<LogServices, 'joinOrg'>;
  /** undefined: this server sends no e-mail */
  readonly mailer: Mailer | undefined;
  readonly now: Now;
  /** The mail server did not take a message. */
  readonly onMailFailure: (error: unknown) => void;
}

/** Creates the service. */
export function createInvites({ orgs, logs, mailer, now, onMailFailure }: InvitesParts): Invites {
  const create = async (
    orgId: string,
    createdBy: string,
    { maxUses = null, expiresInMs = null }: InviteOptions,
    email: string | null,
  ): Promise<MadeInvite> => {
    // 16 characters, 78 bits: no rate limit has to hold for a code to stay unguessed.
    const code = readableCode(4);
    const expiresAt = expiresInMs === null ? null : new Date(now() + expiresInMs);
    const id = newId();
    const codeHash = hashToken(normalCode(code));
    await orgs.createInvite({ id, orgId, role: 'member', expiresAt, maxUses, codeHash, createdBy, email });
    return { id, code, expiresAt: expiresAt?.getTime() ?? null, maxUses, uses: 0 };
  };
  const noteMade = ({ id, maxUses, expiresAt }: MadeInvite, orgId: string, createdBy: string, by: string) => {
    const detail = { by, maxUses, expiresAt };
    return orgs.audit({ actorId: createdBy, orgId, action: 'invite.create', target: id, detail });
  };
  return {
    async make(orgId, createdBy, options) {
      const made = await create(orgId, createdBy, options, null);
      await noteMade(made, orgId, createdBy, 'link');
      return made;
    },

    async mail(orgId, createdBy, { email, from, org, urlOf, maxUses = 1, expiresInMs }) {
      if (!mailer) return err(errorBody('MAIL_UNAVAILABLE'));
      const made = await create(orgId, createdBy, { maxUses, expiresInMs }, email);
      const { code, expiresAt } = made;
      try {
        await mailer.send(inviteMail({ to: email, from, org, url: urlOf(code), code, expiresAt }));
      } catch (error) {
        onMailFailure(error);
        // Nobody has the code; an open invite that nobody knows of would only puzzle those who list them.
        await orgs.revokeInvite(orgId, made.id);
        return err(errorBody('MAIL_FAILED'));
      }
      await noteMade(made, orgId, createdBy, 'email');
      return ok(made);
    },

    list: (orgId) => orgs.openInvites(orgId),

    async revoke(orgId, revokedBy, inviteId) {
      if (!(await orgs.revokeInvite(orgId, inviteId))) return err(errorBody('NOT_FOUND'));
      await orgs.audit({ actorId: revokedBy, orgId, action: 'invite.revoke', target: inviteId });
      return ok(null);
    },

    find: (codeOrLink) => orgs.findInvite(hashToken(codeOf(codeOrLink))),

    async redeem(invite, { userId, deviceId, name }) {
      const { orgId, role } = invite;
      const membership = await orgs.membership(userId, orgId);
      // Accepting twice, or an invite to where one already is, takes no use.
      if (membership && !membership.left) return ok([]);
      if (membership?.isDeactivated) return err(errorBody('ACCOUNT_DEACTIVATED'));
      const removedSeq = membership && (await orgs.removedSeq(userId, orgId));
      if (removedSeq !== undefined && invite.orgSeq < removedSeq) return err(errorBody('INVITE_INVALID'));
      if (!(await orgs.useInvite(invite.id))) return err(errorBody('INVITE_INVALID'));
      const joined = await logs.joinOrg({ orgId, userId, deviceId, role, name });
      if (joined.ok) await orgs.audit({ actorId: userId, orgId, action: 'org.join', target: invite.id });
      else await orgs.returnInvite(invite.id);
      return joined;
    },
  };
}
