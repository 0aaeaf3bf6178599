/**
 * Who the people of a Slack export are here. Owns that an import never gives anybody an account they did not have: it finds
 * members of this organisation by their address, and makes accounts without a password for everybody else. An address that
 * belongs to an account outside of the organisation is left with it.
 */
import { textSchema } from '@curlew/shared/domain/ids.ts';
import { limits } from '@curlew/shared/domain/limits.ts';
import type { AppendOp } from '../../repositories/append-queue.ts';
import type { ImportAccount, ImportMember, ImportRepository } from '../../repositories/import-repository.ts';
import { normalEmail } from '../email.ts';
import { entryBody } from '../op-facts.ts';
import type { SlackUser } from './format.ts';
import type { ImportIds } from './ids.ts';
import { importOp, type Author } from './messages.ts';

/** What became of somebody. `elsewhere`: an account outside of the organisation has their address. */
export type PersonFate = 'matched' | 'imported' | 'elsewhere' | 'bot' | 'former';

/** Somebody of the export, and who they are here. */
export interface ImportedPerson {
  readonly slackId: string;
  readonly accountId: string;
  readonly name: string;
  readonly email: string | undefined;
  readonly fate: PersonFate;
  readonly role: 'member' | 'guest';
}

/** Everybody of an export, found or made. */
export interface People {
  readonly find: (slackId: string) => ImportedPerson | undefined;
  readonly all: () => Iterable<ImportedPerson>;
  /** Who is in the organisation now and may be in a conversation. */
  readonly isActive: (accountId: string) => boolean;
  /** Makes those that are not known yet. */
  readonly addUsers: (users: readonly SlackUser[]) => Promise<void>;
  readonly addAuthors: (authors: Iterable<Author>) => Promise<void>;
  /** Lets go those who had left Slack already: out of the organisation, with everything they wrote. */
  readonly letGo: () => Promise<void>;
}

/** What the people are made with. */
export interface PeopleParts {
  readonly orgId: string;
  readonly ids: ImportIds;
  readonly repository: ImportRepository;
  /** Writes to the organisation's log. */
  readonly append: (ops: readonly AppendOp[]) => Promise<void>;
  readonly isDryRun: boolean;
}

interface Newcomer {
  readonly slackId: string;
  readonly name: string;
  readonly email: string | undefined;
  readonly isBot: boolean;
  readonly isFormer: boolean;
  readonly isGuest: boolean;
}

/** Reads who is here already. */
export async function openPeople({ orgId, ids, repository, append, isDryRun }: PeopleParts): Promise<People> {
  const people = new Map<string, ImportedPerson>();
  const members = new Map<string, ImportMember>(await repository.members(orgId));
  /** programs by their own id, whose user is listed under another */
  const botUsers = new Map<string, string>();
  const find = (slackId: string): ImportedPerson | undefined =>
    people.get(slackId) ?? people.get(botUsers.get(slackId) ?? '');

  const add = async (newcomers: readonly Newcomer[]): Promise<void> => {
    const known = new Set(
      (await repository.accountsById(newcomers.map(({ slackId }) => ids.person(slackId)))).map(
        ({ id }) => id,
      ),
    );
    const emails = newcomers.flatMap(({ email }) => email ?? []);
    const owners = new Map(
      (await repository.accountsByEmail(emails)).map((account) => [account.email, account]),
    );
    const ops: AppendOp[] = [];
    for (const newcomer of newcomers) {
      const { slackId, name, email, isBot } = newcomer;
      const ownId = ids.person(slackId);
      const owner = email === undefined ? undefined : owners.get(email);
      const match = known.has(ownId) ? undefined : matchOf(owner);
      const accountId = match?.id ?? ownId;
      const role = newcomer.isGuest ? 'guest' : 'member';
      people.set(slackId, {
        slackId,
        accountId,
        name,
        email,
        fate: fateOf(newcomer, match, owner, ownId),
        role,
      });
      if (match || members.has(accountId)) continue;
      members.set(accountId, { isActive: true, role });
      if (isDryRun) continue;
      if (!known.has(ownId))
        await repository.createAccount({
          id: ownId,
          name,
          email: email ?? null,
          botOf: isBot ? orgId : null,
        });
      ops.push(
        entry(accountId, 'join', `role:${accountId}`, { role }),
        entry(accountId, 'name', `person:${accountId}`, { name, ...(isBot ? { isBot: true } : {}) }),
      );
    }
    await append(ops);
  };

  /** The account an address stands for: of a person who is in this organisation, and of nobody else. */
  const matchOf = (owner: ImportAccount | undefined): ImportAccount | undefined =>
    owner && !owner.isBot && members.get(owner.id)?.isActive ? owner : undefined;

  const entry = (accountId: string, what: string, key: string, value: unknown): AppendOp =>
    importOp(
      'org.set',
      orgId,
      accountId,
      ids.op(what, accountId),
      undefined,
      { key, value },
      entryBody(key, value),
    );

  return {
    find,
    all: () => people.values(),
    isActive: (accountId) => members.get(accountId)?.isActive === true,

    addUsers: async (users) => {
      for (const { id, profile } of users) if (profile?.bot_id) botUsers.set(profile.bot_id, id);
      await add(users.filter(({ id }) => !people.has(id)).map(newcomerOf));
    },

    addAuthors: async (authors) => {
      const unknown = [...authors].filter(({ slackId }) => !find(slackId));
      if (unknown.length === 0) return;
      await add(
        unknown.map(({ slackId, name, isBot }) => ({
          slackId,
          name: nameOf(name, slackId.replace(/^name:/u, '')),
          email: undefined,
          isBot,
          // Somebody of another workspace, or whom Slack itself has forgotten: they wrote here, and are not here.
          isFormer: !isBot,
          isGuest: false,
        })),
      );
    },

    letGo: async () => {
      const former = [...people.values()].filter(({ fate }) => fate === 'former');
      const accounts = await repository.accountsById(former.map(({ accountId }) => accountId));
      const unclaimed = new Set(accounts.flatMap(({ id, isUnclaimed }) => (isUnclaimed ? [id] : [])));
      await append(
        former
          .filter(({ accountId }) => unclaimed.has(accountId))
          .map(({ accountId, role }) =>
            entry(accountId, 'deactivate', `role:${accountId}`, { role, deactivated: true }),
          ),
      );
    },
  };
}

function fateOf(
  { isBot, isFormer }: Newcomer,
  match: ImportAccount | undefined,
  owner: ImportAccount | undefined,
  ownId: string,
): PersonFate {
  if (match) return 'matched';
  if (isBot) return 'bot';
  if (isFormer) return 'former';
  return owner && owner.id !== ownId ? 'elsewhere' : 'imported';
}

function newcomerOf({
  id,
  name,
  real_name: realName,
  deleted,
  is_bot: isBot,
  profile,
  ...user
}: SlackUser): Newcomer {
  const bot = isBot === true || id === 'USLACKBOT';
  const email = profile?.email ? normalEmail(profile.email) : undefined;
  return {
    slackId: id,
    name: nameOf(profile?.real_name || realName || profile?.display_name || name, id),
    email: bot || email === undefined || !email.includes('@') ? undefined : email,
    isBot: bot,
    isFormer: !bot && deleted === true,
    isGuest: user.is_restricted === true || user.is_ultra_restricted === true,
  };
}

const nameSchema = textSchema(limits.nameBytes, 1);

function nameOf(given: string | null | undefined, otherwise: string): string {
  const name = (given ?? '')
    .replaceAll('\u0000', '')
    .replace(/\p{Surrogate}/gu, '')
    .trim()
    .slice(0, 60);
  return nameSchema.safeParse(name).success ? name : otherwise.slice(0, 60);
}
