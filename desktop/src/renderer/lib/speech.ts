/** Which language the window speaks now. Owns the attributes of <html> that say so, and that all formats follow. */
import { speechOf, type Language } from '../../ipc/languages.ts';
import { speak } from '../i18n/index.ts';
import { setLocale } from './format.ts';

/**
 * Speaks what the preference and the system ask for; resolves with the locale once everything drawn from then on
 * is in it.
 */
export async function applySpeech(chosen: Language | 'system', systemLocale: string): Promise<string> {
  const { language, locale, direction } = speechOf(chosen, systemLocale);
  await speak(language);
  setLocale(locale);
  document.documentElement.lang = locale;
  document.documentElement.dir = direction;
  return locale;
}
