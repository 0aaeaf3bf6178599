/** The languages the app speaks. Owns which there are and which one a device gets; the words stand where they show. */

/** Languages with a complete translation, the source language first. */
export const languages = ['en', 'de', 'ar'] as const;
/** One of {@link languages}. */
export type Language = (typeof languages)[number];

/** What each language calls itself: how people find theirs in a list they cannot read. */
export const languageNames: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  ar: 'العربية',
};

/** What the app speaks: the language of its words, and the locale of its dates, numbers and lists. */
export interface Speech {
  readonly language: Language;
  /** BCP 47 tag. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
}

/**
 * What to speak. A chosen language keeps the region of a system that speaks the same one (English in Europe writes
 * its dates otherwise than in the States).
 * @param chosen the preference
 * @param systemLocale BCP 47 tag, as the system tells it
 */
export function speechOf(chosen: Language | 'system', systemLocale: string): Speech {
  const own = languages.find((language) => language === systemLocale.split(/[-_]/u)[0]?.toLowerCase());
  const language = chosen === 'system' ? (own ?? 'en') : chosen;
  // Words in English beside dates of a language that is not spoken here would be a mixture.
  const locale = language === own ? systemLocale.replaceAll('_', '-') : language;
  return { language, locale, direction: language === 'ar' ? 'rtl' : 'ltr' };
}
