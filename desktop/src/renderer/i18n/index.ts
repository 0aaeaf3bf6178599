/**
 * Translation. Owns the i18next instance; texts come from `en.ts`, the source language. Adding a language means adding
 * a file with the same keys and listing it here.
 */
import i18next, { type ParseKeys, type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';

/** Starts translation synchronously, so that the first paint already has its words. */
export function startI18n(locale: string): void {
  sentences.clear();
  void i18next.use(initReactI18next).init({
    lng: locale,
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
    returnNull: false,
  });
}

const sentences = new Map<string, readonly string[]>();

/**
 * A sentence of rows that are drawn by the dozen: looked up and taken apart once, then only filled in. For sentences
 * without plurals and references.
 * @param values what stands in the sentence, by name
 */
export function phrase(key: ParseKeys, values: Readonly<Record<string, string>> = {}): string {
  const parts = sentences.get(key) ?? splitSentence(key);
  return parts.map((part, at) => (at % 2 === 0 ? part : (values[part] ?? ''))).join('');
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
