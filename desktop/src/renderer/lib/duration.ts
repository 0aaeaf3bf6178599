/** Lengths of time in words: the lives of messages, and what is left of them. */
import type { TFunction } from 'i18next';

const units = [
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** A unit a length of time is told in. */
export type DurationUnit = (typeof units)[number][0];

/** Milliseconds of one unit. */
export function unitMs(unit: DurationUnit): number {
  return units.find(([name]) => name === unit)?.[1] ?? 1_000;
}

/** The largest unit that divides a length without rest, and how many of it. */
export function inUnits(ms: number): { readonly count: number; readonly unit: DurationUnit } {
  const [unit, size] = units.find(([, each]) => ms >= each && ms % each === 0) ?? ['second', 1_000];
  return { count: Math.max(1, Math.round(ms / size)), unit };
}

/** A length of time as it was chosen: "4 weeks", "90 minutes". */
export function durationText(t: TFunction, ms: number): string {
  const { count, unit } = inUnits(ms);
  return t(`duration.${unit}`, { count });
}

/** What is left of a length of time, in the largest unit that fits, never less than a second: "2 days". */
export function remainingText(t: TFunction, ms: number): string {
  const [unit, size] = units.find(([, each]) => ms >= each) ?? ['second', 1_000];
  return t(`duration.${unit}`, { count: Math.max(1, Math.round(ms / size)) });
}
