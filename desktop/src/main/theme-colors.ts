/**
 * The few colours main paints itself: the window before the renderer's first frame, and the window controls. They
 * repeat `--bg-rail`, `--bg-main` and `--text-2` of the renderer's tokens, which main cannot read.
 */
import type { Preferences } from '../ipc/views.ts';

/** What the system asks for; it decides where a preference says `system`. */
export interface SystemAppearance {
  readonly prefersDark: boolean;
  readonly prefersContrast: boolean;
}

/** Colours of one theme as CSS hex. */
export interface ThemeColors {
  readonly background: string;
  readonly titleBar: string;
  readonly symbols: string;
}

const colors = {
  light: { background: '#ffffff', titleBar: '#eceae8', symbols: '#504d47' },
  dark: { background: '#161c1f', titleBar: '#0c1113', symbols: '#b5bcc0' },
  lightHigh: { background: '#ffffff', titleBar: '#ffffff', symbols: '#2b2825' },
  darkHigh: { background: '#000000', titleBar: '#000000', symbols: '#e1e5e7' },
} as const satisfies Record<string, ThemeColors>;

/** Colours for these preferences on this system. */
export function themeColors(preferences: Preferences, system: SystemAppearance): ThemeColors {
  const isDark = preferences.theme === 'system' ? system.prefersDark : preferences.theme === 'dark';
  const isHigh = preferences.contrast === 'system' ? system.prefersContrast : preferences.contrast === 'high';
  if (isHigh) return isDark ? colors.darkHigh : colors.lightHigh;
  return isDark ? colors.dark : colors.light;
}
