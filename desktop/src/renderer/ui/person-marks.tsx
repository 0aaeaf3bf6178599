/** What stands beside a name: that it is a program's, or that its person is out of the organization for now. */
import { useTranslation } from 'react-i18next';
import { phrase } from '../i18n/index.ts';
import type { PersonMarks as Marks } from '../../ipc/message-rows.ts';

/** See the file comment; nothing beside an ordinary name. */
export function PersonMarks({ isBot, isDeactivated }: Marks) {
  const { t } = useTranslation();
  return (
    <>
      {isBot ? <span className="tag bot">{t('person.bot')}</span> : null}
      {isDeactivated ? <span className="tag wrn">{t('person.deactivated')}</span> : null}
    </>
  );
}

/** A name with its marks, for those who hear it. */
export function spokenName(name: string, { isBot, isDeactivated }: Marks): string {
  return [
    name,
    ...(isBot ? [phrase('person.bot')] : []),
    ...(isDeactivated ? [phrase('person.deactivated')] : []),
  ].join(', ');
}
