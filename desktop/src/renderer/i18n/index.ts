/**
 * Translation. Owns the i18next instance; texts come from `en.ts`, the source language. Adding a language means adding
 * a file with the same keys and listing it here.
 */
import i18next, { type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en.ts';

/** Starts translation synchronously, so that the first paint already has its words. */
export function startI18n(locale: string): void {
  void i18next.use(initReactI18next).init({
    lng: locale,
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    initAsync: false,
    returnNull: false,
  });
}

/** The translate function outside components (announcements, toasts). */
export function translate(): TFunction {
  return i18next.t;
}
