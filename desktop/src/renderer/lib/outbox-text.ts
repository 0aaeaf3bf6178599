/** What an entry of the outbox is, in a line. */
import type { TFunction } from 'i18next';
import type { OutboxRow } from '../../ipc/writing.ts';

/** The text of a message, or what the change is. */
export function outboxText({ action, text }: Pick<OutboxRow, 'action' | 'text'>, t: TFunction): string {
  switch (action) {
    case 'edit':
      return text === null ? t('outbox.action.editBare') : t('outbox.action.edit', { text });
    case 'rename':
    case 'addPerson':
    case 'removePerson':
    case 'role':
      return t(`outbox.action.${action}`, { text: text ?? '' });
    default:
      return text ?? t(`outbox.action.${action}`);
  }
}
