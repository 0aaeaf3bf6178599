/**
 * Translation. Owns the i18next instance and what is loaded of it; texts come from `en.ts`, the source language. A
 * language is a file with the same keys (`translation.ts`) and a line in `ipc/languages.ts`.
 */
import i18next, { type ParseKeys, type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';
import type { Language } from '../../ipc/languages.ts';
import { en } from './en.ts';
import type { Translation } from './translation.ts';

/** Scripts of their own: nobody loads a language that is not spoken. */
const translations: Readonly<Record<Exclude<Language, 'en'>, () => Promise<Translation>>> = {
  de: async () => (await import('./de.ts')).de,
  ar: async () => (await import('./ar.ts')).ar,
};

/** Starts translation in English, synchronously. */
export function startI18n(): void {
  sentences.clear();
  void i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // The values are no HTML; what "escaping" does here is keep their letters together.
    interpolation: { escape: isolated },
    initAsync: false,
    returnNull: false,
  });
}

/** Speaks a language from now on; resolves once its words are there. */
export async function speak(language: Language): Promise<void> {
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation')) {
    i18next.addResourceBundle(language, 'translation', await translations[language]());
  }
  await i18next.changeLanguage(language);
  sentences.clear();
}

/** The sentence for a person about an error, in the language of the app. */
export function errorText(error: ErrorBody): string {
  // English is what the error brings along, from the catalogue of the protocol.
  const known: unknown = i18next.getResource(i18next.language, 'translation', `errors.${error.code}`);
  return typeof known === 'string' ? known : error.message;
}

const sentences = new Map<string, readonly string[]>();

/**
 * A sentence of rows that are drawn by the dozen: looked up and taken apart once, then only filled in. For sentences
 * without plurals and references.
 * @param values what stands in the sentence, by name
 */
export function phrase(key: ParseKeys, values: Readonly<Record<string, string>> = {}): string {
  const parts = sentences.get(key) ?? splitSentence(key);
  return parts.map((part, at) => (at % 2 === 0 ? part : isolated(values[part] ?? ''))).join('');
}

/**
 * A value inside a sentence that runs from right to left: a name or number in other letters must not reorder what
 * stands around it (FSI … PDI, https://www.w3.org/International/questions/qa-bidi-unicode-controls).
 */
function isolated(value: string): string {
  return i18next.dir() === 'rtl' ? `\u2068${value}\u2069` : value;
}

/** Text and names of values in turn. */
function splitSentence(key: ParseKeys): readonly string[] {
  const found = i18next.languages
    .map((language): unknown => i18next.getResource(language, 'translation', key))
    .find((text): text is string => typeof text === 'string');
  const parts = (found ?? key).split(/\{\{(\w+)\}\}/u);
  sentences.set(key, parts);
  return parts;
}

/** The translate function outside components (announcements, toasts). */
export function translate(): TFunction {
  return i18next.t;
}
