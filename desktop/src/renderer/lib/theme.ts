/**
 * Theme attributes on <html>. Owns the mapping from preferences and system settings to `data-theme`, `data-contrast`,
 * `data-density`, `data-motion` and the message scale; runs before the first paint so that no wrong theme ever shows.
 */
import type { BootFacts } from '../../ipc/bridge.ts';
import type { Preferences } from '../../ipc/views.ts';

/** System settings the preferences may follow. */
export interface SystemFacts {
  readonly prefersDark: boolean;
  readonly prefersContrast: boolean;
  readonly prefersReducedMotion: boolean;
}

/** Attributes for <html>; null removes one. */
export interface ThemeAttributes {
  readonly theme: 'light' | 'dark';
  readonly contrast: 'high' | null;
  readonly density: 'comfortable' | 'compact';
  readonly motion: 'reduced' | null;
  readonly messageScale: number;
}

/** Resolves preferences that follow the system. */
export function themeAttributes(preferences: Preferences, system: SystemFacts): ThemeAttributes {
  const isDark = preferences.theme === 'system' ? system.prefersDark : preferences.theme === 'dark';
  const isHigh = preferences.contrast === 'system' ? system.prefersContrast : preferences.contrast === 'high';
  const isReduced = preferences.motion === 'reduced' || system.prefersReducedMotion;
  return {
    theme: isDark ? 'dark' : 'light',
    contrast: isHigh ? 'high' : null,
    density: preferences.density,
    motion: isReduced ? 'reduced' : null,
    messageScale: preferences.messageScale,
  };
}

/** Writes the attributes. Idempotent. */
export function applyTheme(attributes: ThemeAttributes, root: HTMLElement = document.documentElement): void {
  root.dataset['theme'] = attributes.theme;
  root.dataset['density'] = attributes.density;
  if (attributes.contrast) root.dataset['contrast'] = attributes.contrast;
  else delete root.dataset['contrast'];
  if (attributes.motion) root.dataset['motion'] = attributes.motion;
  else delete root.dataset['motion'];
  root.style.setProperty('--message-scale', String(attributes.messageScale));
}

/** System facts as main saw them at start. */
export function bootSystemFacts(boot: BootFacts): SystemFacts {
  return {
    prefersDark: boot.systemPrefersDark,
    prefersContrast: boot.systemPrefersContrast,
    prefersReducedMotion: boot.systemPrefersReducedMotion,
  };
}

/** System facts as the window sees them now. */
export function currentSystemFacts(): SystemFacts {
  return {
    prefersDark: window.matchMedia('(prefers-color-scheme: dark)').matches,
    prefersContrast: window.matchMedia('(prefers-contrast: more)').matches,
    prefersReducedMotion: window.matchMedia('(prefers-reduced-motion: reduce)').matches,
  };
}

/** Calls back when a system setting changes. */
export function watchSystemFacts(listener: () => void): () => void {
  const queries = [
    '(prefers-color-scheme: dark)',
    '(prefers-contrast: more)',
    '(prefers-reduced-motion: reduce)',
  ].map((query) => window.matchMedia(query));
  for (const query of queries) query.addEventListener('change', listener);
  return () => {
    for (const query of queries) query.removeEventListener('change', listener);
  };
}

/** Whether movement should be avoided right now. */
export function prefersLessMotion(): boolean {
  return document.documentElement.dataset['motion'] === 'reduced';
}
