import type { Translated } from '../translation.ts';
import type { firstRunTexts as source } from '../en/first-run.ts';

/** German texts of the first minutes. */
export const firstRunTexts: Translated<typeof source> = {
  invitation: {
    title: 'Dieser Organisation beitreten?',
    body: 'Du hast eine Einladung auf diesem Server geöffnet. Wenn du beitrittst, sehen die Leute der Organisation deinen Namen; dein Konto bleibt, wie es ist.',
    elsewhereTitle: 'Diese Einladung gilt für {{server}}',
    elsewhereBody:
      'Du bist bei {{server}} angemeldet. Um die Einladung zu nutzen, melde dich unter Einstellungen > Konto ab; dann öffnet sich das Formular zum Beitreten. Oder bitte um eine Einladung auf deinem Server.',
    toAccount: 'Zu den Kontoeinstellungen',
    dismiss: 'Nicht nutzen',
    createLead: 'Deine Einladung ist eingetragen. Sag noch, wer du bist.',
    signInLead:
      'Melde dich mit deinem Konto auf diesem Server an. Danach wirst du nach der Einladung gefragt.',
    badLink:
      'Dieser Link lässt sich nicht öffnen: Er ist unvollständig oder für eine neuere Version. Lass ihn dir noch einmal schicken.',
  },
};
