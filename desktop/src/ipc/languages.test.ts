import { describe, expect, it } from 'vitest';
import { speechOf } from './languages.ts';

describe('what the app speaks', () => {
  it('follows the system, with its region', () => {
    expect(speechOf('system', 'de-AT')).toEqual({ language: 'de', locale: 'de-AT', direction: 'ltr' });
    expect(speechOf('system', 'ar_EG')).toEqual({ language: 'ar', locale: 'ar-EG', direction: 'rtl' });
    expect(speechOf('system', 'en-GB')).toEqual({ language: 'en', locale: 'en-GB', direction: 'ltr' });
  });

  it('speaks English, whole, where the system’s language is not there', () => {
    expect(speechOf('system', 'fi-FI')).toEqual({ language: 'en', locale: 'en', direction: 'ltr' });
    expect(speechOf('system', '')).toEqual({ language: 'en', locale: 'en', direction: 'ltr' });
  });

  it('a chosen language keeps the region of a system that speaks it', () => {
    expect(speechOf('en', 'en-GB').locale).toBe('en-GB');
    expect(speechOf('de', 'en-GB').locale).toBe('de');
    expect(speechOf('ar', 'de-DE').direction).toBe('rtl');
  });
});
