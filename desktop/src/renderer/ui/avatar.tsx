/**
 * Avatars and presence. Owns initials, the colour of a person or conversation (from the name, which is all that some
 * views know, so that the same person has one colour everywhere) and the four presence shapes, which differ by form and not only by colour.
 */
import './avatar.css';
import { Megaphone, Ticket, Users } from 'lucide-react';
import type { ReactNode } from 'react';
import { phrase } from '../i18n/index.ts';

/** Presence a dot can show. */
export type PresenceState = 'online' | 'away' | 'dnd' | 'offline';
/** Sizes in px. */
export type AvatarSize = 16 | 24 | 28 | 32 | 36 | 40 | 56 | 72;

const colours = 8;

/** First letters of the first and last word, in upper case; one letter for one word. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/\s+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letter = (word: string | undefined) => word?.match(/[\p{L}\p{N}]/u)?.[0]?.toLocaleUpperCase() ?? '';
  return words.length > 1 ? letter(words[0]) + letter(words.at(-1)) : letter(words[0]);
}

/** Colour class 1–8 of a name. */
export function colourOf(name: string): number {
  let hash = 0;
  for (const char of name) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) | 0;
  return (Math.abs(hash) % colours) + 1;
}

const shapes: Record<PresenceState, ReactNode> = {
  online: <circle cx="5" cy="5" r="5" />,
  away: <path d="M4.6 0a5 5 0 1 0 5.3 6.3A4.3 4.3 0 0 1 4.6 0Z" />,
  dnd: <path fillRule="evenodd" d="M5 0a5 5 0 1 1 0 10A5 5 0 0 1 5 0ZM2.3 4.1v1.8h5.4V4.1Z" />,
  offline: <circle cx="5" cy="5" r="3.9" fill="none" stroke="currentColor" strokeWidth="2" />,
};

/** A presence shape. Decorative: the text alternative stands on the avatar or beside it. */
export function PresenceDot({ state, inline }: { readonly state: PresenceState; readonly inline?: boolean }) {
  return (
    <span className={`pd ${state}${inline ? ' inline' : ''}`} aria-hidden="true">
      <svg viewBox="0 0 10 10" fill="currentColor">
        {shapes[state]}
      </svg>
    </span>
  );
}

interface AvatarProps {
  readonly name: string;
  readonly size?: AvatarSize;
  readonly presence?: PresenceState | null | undefined;
  /** Without it the avatar is decoration: the name stands beside it. */
  readonly isNamed?: boolean;
  readonly kind?: 'direct' | 'group' | 'linked' | 'announcement';
}

/** A person or conversation. */
export function Avatar({ name, size = 40, presence, isNamed, kind = 'direct' }: AvatarProps) {
  const square = kind === 'direct' ? '' : ' sq';
  const sizeClass = size === 40 ? '' : ` s${size}`;
  return (
    <span
      className={`av c${colourOf(name)}${square}${sizeClass}`}
      {...(isNamed ? { role: 'img', 'aria-label': spokenName(name, presence) } : { 'aria-hidden': true })}
    >
      <AvatarFace kind={kind} name={name} />
      {presence ? <PresenceDot state={presence} /> : null}
    </span>
  );
}

function spokenName(name: string, presence: AvatarProps['presence']): string {
  return presence ? phrase('presence.named', { name, presence: phrase(`presence.${presence}`) }) : name;
}

function AvatarFace({
  kind,
  name,
}: {
  readonly kind: NonNullable<AvatarProps['kind']>;
  readonly name: string;
}) {
  if (kind === 'linked') return <Ticket className="i i20" />;
  if (kind === 'announcement') return <Megaphone className="i i20" />;
  const letters = initials(name);
  return letters ? letters : <Users className="i i16" />;
}
