/**
 * Sign-in: registration, passwords, the trade of refresh tokens. Promises that nobody learns from an answer or its
 * time who has an account, that every sign-in is bound to one device, and that a registration interrupted half-way is
 * completed by repeating it.
 */
import type { Session } from '@curlew/shared/protocol/routes-account.ts';
import { errorBody } from '@curlew/shared/protocol/errors.ts';
import { err, ok } from '@curlew/shared/lib/result.ts';
import type { IdentityRepository, SignInDevice } from '../repositories/identity-repository.ts';
import type { OrgRepository } from '../repositories/org-repository.ts';
import type { AccessTokens, Caller } from './access-tokens.ts';
import { newId, type Now } from './clock.ts';
import { normalEmail } from './email.ts';
import type { Invites } from './invites.ts';
import { hashPassword, isWeakPassword, verifyPassword } from './passwords.ts';
import { hashToken, judgeRefresh, makeRefreshToken } from './refresh-rotation.ts';
import type { FanOut, LogServices, Outcome } from './service-types.ts';
import type { SetupCode } from './setup-code.ts';

/** Body of a registration, as its schema parses it. */
export interface Registration {
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly setupCode?: string | undefined;
  readonly orgName?: string | undefined;
  readonly inviteCode?: string | undefined;
}

/** Body of a sign-in. */
export interface Login {
  readonly email: string;
  readonly password: string;
  readonly deviceId: string;
  readonly deviceName: string;
}

/** A session, and what others are to hear about it. */
export interface SignedIn {
  readonly session: Session;
  readonly fanOut: readonly FanOut[];
}

/** An exchanged token; without `refreshToken` the client keeps the newer one it has. */
export type Renewed = Omit<Session, 'refreshToken'> & { readonly refreshToken?: string };

/** See the file's head. */
export interface Auth {
  register(body: Registration): Promise<Outcome<SignedIn>>;
  login(body: Login): Promise<Outcome<Session>>;
  /** Trades a refresh token; the rule stands in `refresh-rotation.ts`. */
  exchange(refreshToken: string): Promise<Outcome<Renewed>>;
  /** Ends the sign-in a token belongs to. Unknown tokens are answered alike. */
  logout(refreshToken: string): Promise<void>;
  changePassword(caller: Caller, current: string, next: string): Promise<Outcome<null>>;
}

/** What the service is made of. */
export interface AuthParts {
  readonly identities: IdentityRepository;
  readonly orgs: OrgRepository;
  readonly invites: Invites;
  readonly logs: Pick<LogServices, 'createOrg'>;
  readonly tokens: AccessTokens;
  readonly setupCode: SetupCode;
  readonly now: Now;
}

/** Creates the service. */
export function createAuth(parts: AuthParts): Auth {
  const { identities, orgs, invites, logs, tokens, setupCode, now } = parts;

  const signIn = async (userId: string, device: SignInDevice): Promise<Outcome<Session>> => {
    const familyId = newId();
    const { secret, row } = makeRefreshToken(now());
    if (!(await identities.startSession(userId, device, { familyId, token: row })))
      return err(errorBody('ID_TAKEN'));
    const { token, expiresAtMs } = await tokens.issue({ userId, deviceId: device.id, sessionId: familyId });
    return ok({ userId, deviceId: device.id, accessToken: token, expiresAtMs, refreshToken: secret });
  };

  /**
   * The account of a registration: a new one, or the one an interrupted registration left behind (right password, in
   * no organisation yet). Undefined when the address cannot be used.
   */
  const openAccount = async (body: Registration): Promise<string | undefined> => {
    const email = normalEmail(body.email);
    const id = newId();
    // Hashed before the look-up, so that a taken address takes no less time than a free one.
    const passwordHash = await hashPassword(body.password);
    const known = await identities.findByEmail(email);
    const right = await verifyPassword(known?.passwordHash, body.password);
    if (known) {
      const unfinished = right && !known.disabled && (await orgs.membershipsOf(known.id)).length === 0;
      return unfinished && !(await orgs.isShutOut(known.id)) ? known.id : undefined;
    }
    return (await identities.createAccount({ id, email, name: body.name, passwordHash })) ? id : undefined;
  };

  const found = async (body: Registration): Promise<Outcome<SignedIn>> => {
    if (body.orgName === undefined)
      return err(errorBody('BAD_REQUEST', { detail: 'orgName: required with setupCode' }));
    if (!setupCode.matches(body.setupCode ?? '')) return err(errorBody('SETUP_CODE_WRONG'));
    if (await orgs.anyOrg()) return err(errorBody('SETUP_CODE_WRONG'));
    const userId = await openAccount(body);
    if (userId === undefined) return err(errorBody('EMAIL_TAKEN'));
    const session = await signIn(userId, { id: body.deviceId, name: body.deviceName });
    if (!session.ok) return session;
    const join = { orgId: newId(), userId, deviceId: body.deviceId, role: 'owner', name: body.name } as const;
    const created = await logs.createOrg(join, body.orgName);
    if (!created.ok) return created;
    setupCode.spend();
    await orgs.audit({ actorId: userId, orgId: join.orgId, action: 'org.create' });
    return ok({ session: session.value, fanOut: created.value });
  };

  const enter = async (body: Registration): Promise<Outcome<SignedIn>> => {
    const invite = await invites.find(body.inviteCode ?? '');
    if (!invite) return err(errorBody('INVITE_INVALID'));
    const userId = await openAccount(body);
    if (userId === undefined) return err(errorBody('EMAIL_TAKEN'));
    const session = await signIn(userId, { id: body.deviceId, name: body.deviceName });
    if (!session.ok) return session;
    const joined = await invites.redeem(invite, { userId, deviceId: body.deviceId, name: body.name });
    return joined.ok ? ok({ session: session.value, fanOut: joined.value }) : joined;
  };

  // Two people entering the set-up code at once must not found two organisations.
  let founding: Promise<unknown> = Promise.resolve();

  return {
    async register(body) {
      if (body.inviteCode === undefined && body.setupCode === undefined)
        return err(errorBody('INVITE_INVALID'));
      if (isWeakPassword(body.password)) return err(errorBody('PASSWORD_WEAK'));
      if (body.setupCode === undefined) return enter(body);
      const turn = founding.then(
        () => found(body),
        () => found(body),
      );
      founding = turn;
      return turn;
    },

    async login({ email, password, deviceId, deviceName }) {
      const account = await identities.findByEmail(normalEmail(email));
      const right = await verifyPassword(account?.passwordHash, password);
      if (!account || !right || account.disabled) return err(errorBody('WRONG_CREDENTIALS'));
      if (await orgs.isShutOut(account.id)) return err(errorBody('ACCOUNT_DEACTIVATED'));
      const session = await signIn(account.id, { id: deviceId, name: deviceName });
      // Deactivated in between: the sign-in came too late to be ended with the others.
      if (session.ok && (await orgs.isShutOut(account.id))) {
        await identities.revokeSessionsOf(account.id, 'deactivated', undefined);
        return err(errorBody('ACCOUNT_DEACTIVATED'));
      }
      return session;
    },

    async exchange(refreshToken) {
      const next = makeRefreshToken(now());
      const judged = await identities.present(hashToken(refreshToken), (it) =>
        judgeRefresh(it, next.row, now()),
      );
      if (!judged) return err(errorBody('AUTH_REQUIRED'));
      const { token, rotation } = judged;
      if (rotation.kind === 'revoke') return err(errorBody('REFRESH_REUSED'));
      if (rotation.kind === 'refuse') {
        if (token.familyRevoked === 'reuse') return err(errorBody('REFRESH_REUSED'));
        if (token.familyRevoked === undefined) return err(errorBody('AUTH_REQUIRED'));
        return err(errorBody('AUTH_REVOKED', token.wipe ? { wipe: true } : {}));
      }
      const { userId, deviceId, familyId: sessionId } = token;
      const access = await tokens.issue({ userId, deviceId, sessionId });
      const renewed = { userId, deviceId, accessToken: access.token, expiresAtMs: access.expiresAtMs };
      return ok(rotation.kind === 'rotate' ? { ...renewed, refreshToken: next.secret } : renewed);
    },

    async logout(refreshToken) {
      const judged = await identities.present(hashToken(refreshToken), () => ({ kind: 'keep' }));
      if (judged) await identities.revokeSession(judged.token.familyId, 'logout');
    },

    async changePassword(caller, current, next) {
      const account = await identities.findById(caller.userId);
      if (!(await verifyPassword(account?.passwordHash, current))) return err(errorBody('WRONG_CREDENTIALS'));
      if (isWeakPassword(next)) return err(errorBody('PASSWORD_WEAK'));
      await identities.setPassword(caller.userId, await hashPassword(next));
      await identities.revokeSessionsOf(caller.userId, 'password', caller.sessionId);
      await orgs.audit({ actorId: caller.userId, orgId: undefined, action: 'password.change' });
      return ok(null);
    },
  };
}
