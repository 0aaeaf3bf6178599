/**
 * The accounts of a profile, all open at once: one core for each, with its own folder, keyring entry and connection. Owns
 * which one the window shows, and that nothing passes between them: each page and each core belongs to one account for
 * its whole life, and to show another one is to load another page.
 */
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Result } from '@curlew/shared/lib/result.ts';
import type { AccountsMeta } from '../ipc/accounts.ts';
import type { EnvironmentEvent } from '../ipc/core-port.ts';
import type { IntentName } from '../ipc/intents.ts';
import type { SessionMeta } from '../ipc/views.ts';
import { addSlot, openSlots, slotFolder } from './account-slots.ts';
import type { CoreFact, CoreHost } from './core-host.ts';
import { EnvironmentMemory } from './environment-memory.ts';
import { MAIN_WINDOW_ID, type OwnViews, type ViewSource } from './own-views.ts';
import type { SessionWatch } from './session-watch.ts';

/** What the accounts need. */
export interface AccountsPorts {
  readonly profileDir: string;
  readonly views: OwnViews;
  /** Makes the host of an account's core, not started yet. */
  createHost(slot: string, dataDir: string): CoreHost;
  /** The slot shown last, over restarts. */
  readonly last: { get(): string; keep(slot: string): void };
  /** Loads the page of {@link Accounts.current} in place of the one that shows. */
  loadPage(): void;
  publish(meta: AccountsMeta): void;
  /** An account's core was started. */
  opened(slot: string, core: ViewSource): void;
}

type Listener = (slot: string, session: SessionMeta) => void;

interface Slot {
  readonly host: CoreHost;
  session: SessionMeta | undefined;
  unread: number;
}

type WindowEvent = Extract<EnvironmentEvent, { readonly windowId: number }>;
type Active = Extract<SessionMeta, { readonly state: 'active' }>;

/** See the file's head. */
export class Accounts {
  readonly #ports: AccountsPorts;
  readonly #slots = new Map<string, Slot>();
  readonly #listeners: Listener[] = [];
  readonly #machine = new EnvironmentMemory();
  readonly #windows = new EnvironmentMemory();
  #current: string;
  /** The window shows a slot nobody is signed in to because the person asked for it. */
  #isAdding = false;
  #known: (() => void)[] = [];

  constructor(ports: AccountsPorts) {
    this.#ports = ports;
    const slots = openSlots(ports.profileDir);
    const last = ports.last.get();
    const [first = last] = slots;
    this.#current = slots.includes(last) ? last : first;
    for (const slot of slots) this.#open(slot);
  }

  /** The slot the window shows. */
  get current(): string {
    return this.#current;
  }

  /** The core of a slot; undefined: there is no such slot. */
  coreOf(slot: string): CoreHost | undefined {
    return this.#slots.get(slot)?.host;
  }

  /** Sends an intent of main itself to the account that shows. */
  async intent(windowId: number, name: IntentName, request: unknown): Promise<Result<unknown, ErrorBody>> {
    return await this.#shown().host.intent(windowId, name, request);
  }

  /** Starts every core. */
  start(): void {
    for (const slot of this.#slots.keys()) this.#start(slot);
  }

  /** Stops every core; resolves when their files are closed. */
  async stop(): Promise<void> {
    await Promise.all([...this.#slots.values()].map(({ host }) => host.stop()));
  }

  /** Calls back with every session that is known, and at every change of one. */
  onSession(listener: Listener): void {
    this.#listeners.push(listener);
    for (const [slot, { session }] of this.#slots) if (session) listener(slot, session);
  }

  /** Who is signed in to a slot; without one, to the account that shows. */
  watch(slot?: string): SessionWatch {
    return {
      onChange: (listener) =>
        this.onSession((changed, session) => {
          if (changed === (slot ?? this.#current)) listener(session);
        }),
    };
  }

  /** Tells the cores of the machine; of a window only the account it shows. */
  environment(event: EnvironmentEvent): void {
    if (isOfWindow(event)) {
      this.#windows.remember(event);
      this.#shown().host.environment(event);
      return;
    }
    this.#machine.remember(event);
    for (const { host } of this.#slots.values()) host.environment(event);
  }

  /** The page of a window is gone, and with it what it had open, whichever account it was of. */
  pageGone(windowId: number): void {
    for (const [slot, { host }] of this.#slots) {
      host.closeViewsOf(windowId);
      if (slot !== this.#current) host.environment({ kind: 'windowClosed', windowId });
    }
  }

  /** A core counts what is unread in its account. */
  note(slot: string, fact: CoreFact): void {
    const known = this.#slots.get(slot);
    if (fact.type !== 'badge' || !known) return;
    known.unread = fact.unreadConversations;
    this.#publish();
  }

  /** What is unread in all of them. */
  unread(): number {
    return [...this.#slots.values()].reduce((sum, { unread }) => sum + unread, 0);
  }

  /** Shows an account in the window. @returns false when there is none of this slot */
  show(slot: string): boolean {
    if (!this.#slots.has(slot)) return false;
    this.#isAdding = false;
    this.#showSlot(slot);
    return true;
  }

  /** Shows the sign-in of one more account. */
  add(): void {
    const free = [...this.#slots].find(([, { session }]) => session?.state === 'none')?.[0];
    const slot = free ?? addSlot(this.#ports.profileDir, [...this.#slots.keys()]);
    if (!this.#slots.has(slot)) {
      this.#open(slot);
      this.#start(slot);
    }
    this.#isAdding = true;
    this.#showSlot(slot);
  }

  /** The slot of an account on a server, the one that shows first; resolves once it is known who is signed in. */
  async onServer(serverUrl: string): Promise<string | undefined> {
    if (!this.#isKnown()) await new Promise<void>((resolve) => void this.#known.push(resolve));
    const slots = [...this.#slots].flatMap(([slot, { session }]) =>
      session?.state === 'active' && session.serverUrl === serverUrl ? [slot] : [],
    );
    return slots.find((slot) => slot === this.#current) ?? slots[0];
  }

  #shown(): Slot {
    const slot = this.#slots.get(this.#current);
    if (!slot) throw new Error('the slot that shows is always open');
    return slot;
  }

  #open(slot: string): void {
    const host = this.#ports.createHost(slot, slotFolder(this.#ports.profileDir, slot));
    for (const event of this.#machine.events()) host.environment(event);
    this.#slots.set(slot, { host, session: undefined, unread: 0 });
  }

  #start(slot: string): void {
    const opened = this.#slots.get(slot);
    if (!opened) return;
    opened.host.start();
    this.#ports.opened(slot, opened.host);
    void this.#ports.views.follow(opened.host, 'session', {}, ({ meta }) => this.#learn(slot, meta));
  }

  #learn(slot: string, session: SessionMeta): void {
    const known = this.#slots.get(slot);
    if (!known) return;
    const before = known.session;
    known.session = session;
    if (session.state === 'active' && before?.state !== 'active') this.#signedIn(slot, session);
    if (this.#isKnown()) {
      if (!this.#isAdding) this.#leaveEmpty();
      for (const resolve of this.#known.splice(0)) resolve();
    }
    this.#publish();
    for (const listener of this.#listeners) listener(slot, session);
  }

  /** The account that shows was signed out: another one shows, if there is one. */
  #leaveEmpty(): void {
    if (this.#shown().session?.state !== 'none') return;
    const other = [...this.#slots].find(([, { session }]) => session?.state === 'active');
    if (other) this.#showSlot(other[0]);
  }

  #signedIn(slot: string, session: Active): void {
    const twin = [...this.#slots].find(
      ([other, { session: its }]) =>
        other !== slot &&
        its?.state === 'active' &&
        its.serverUrl === session.serverUrl &&
        its.userId === session.userId,
    );
    if (twin) {
      // Once is enough: what was there before stays. Something unsent that was found again keeps the second one open.
      void this.#slots.get(slot)?.host.intent(MAIN_WINDOW_ID, 'session.signOut', { ifUnsent: 'ask' });
      this.show(twin[0]);
    } else if (slot === this.#current) {
      this.#isAdding = false;
      this.#ports.last.keep(slot);
    }
  }

  #showSlot(slot: string): void {
    if (slot === this.#current) return;
    const left = this.#shown().host;
    const windows = this.#windows.events().filter(isOfWindow);
    for (const windowId of new Set(windows.map((event) => event.windowId)))
      left.environment({ kind: 'windowClosed', windowId });
    this.#current = slot;
    const { host, session } = this.#shown();
    for (const event of windows) host.environment(event);
    if (session?.state === 'active') this.#ports.last.keep(slot);
    this.#publish();
    for (const listener of this.#listeners) if (session) listener(slot, session);
    this.#ports.loadPage();
  }

  #isKnown(): boolean {
    return [...this.#slots.values()].every(({ session }) => session && session.state !== 'starting');
  }

  #publish(): void {
    const accounts = [...this.#slots].flatMap(([id, { session, unread }]) => {
      if (session?.state !== 'active') return [];
      const { name, email, serverUrl, needsSignIn } = session;
      return [{ id, name, email, serverUrl, unread, needsSignIn }];
    });
    this.#ports.publish({ current: this.#current, accounts });
  }
}

function isOfWindow(event: EnvironmentEvent): event is WindowEvent {
  return 'windowId' in event;
}
