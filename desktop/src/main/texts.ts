/**
 * The sentences main shows itself: menus, tray and notifications, in the language of the app. The renderer has its
 * own catalogue. Each language has a file of its own.
 */
import type { Language } from '../ipc/languages.ts';
import { arabic } from './texts.ar.ts';
import { german } from './texts.de.ts';
import { english, type MainTexts } from './texts.en.ts';

const languages: Readonly<Record<Language, MainTexts>> = { en: english, de: german, ar: arabic };

/** The texts of the language that {@link speakInMain} chose last. */
export let texts: MainTexts = english;

/** Speaks a language from now on. What already shows (menu, tray) is the caller's to show anew. */
export function speakInMain(language: Language): void {
  texts = languages[language];
}
