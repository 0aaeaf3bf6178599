/** The name of a group: what may be sent, and the sentence that says why something may not. */
import type { TFunction } from 'i18next';
import { limits } from '@curlew/shared/domain/limits.ts';
import { formatNumber } from './format.ts';

const encoder = new TextEncoder();

/** The name as sent: one line, without spaces around it and without characters that cannot be stored. */
export function sentTitle(title: string): string {
  return title
    .replaceAll('\u0000', '')
    .replace(/\p{Surrogate}/gu, '')
    .trim();
}

/** Why this name cannot be sent, or null. `isDone`: the person is done writing, so a missing name counts. */
export function titleProblem(title: string, isDone: boolean, t: TFunction): string | null {
  const sent = sentTitle(title);
  if (sent === '') return isDone ? t('group.nameMissing') : null;
  const bytes = encoder.encode(sent).length;
  if (bytes <= limits.titleBytes) return null;
  return t('group.nameTooLong', { bytes: formatNumber(bytes), limit: formatNumber(limits.titleBytes) });
}
