/** The reach of an announcement as a file that spreadsheets read. */
import type { TFunction } from 'i18next';
import type { Reach, ReachStep } from '@curlew/shared/protocol/reach.ts';

const steps: readonly ReachStep[] = ['delivered', 'read', 'acknowledged'];

/**
 * Counts in total and by site and unit, then the names of who is missing.
 * @param steps only what was asked for is counted: acknowledging only where the announcement asks for it
 */
export function reachCsv(reach: Reach, t: TFunction): string {
  const { total, places, missing, requiresAck } = reach;
  const shown = steps.filter((step) => requiresAck || step !== 'acknowledged');
  const row = (name: string, counts: Reach['total']) => [
    name,
    counts.people,
    ...shown.map((step) => counts[step]),
  ];
  const lines = [
    [t('reach.place'), t('reach.people'), ...shown.map((step) => t(`reach.step.${step}`))],
    row(t('reach.everybody'), total),
    ...places.map(({ name, ...counts }) => row(name, counts)),
    [],
    [t(`reach.not.${missing.step}`), missing.count],
    ...missing.people.map(({ name }) => [name]),
  ];
  // A spreadsheet takes UTF-8 for what it is only with a mark in front.
  return `\ufeff${lines.map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** A value that is text also to a spreadsheet: names are chosen by people, and "=…" would be a formula. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
