/**
 * Entry of the renderer. Owns the order of the start: theme and language first, so that the first paint is right, then
 * the app.
 */
import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/forced-colors.css';
import { createRoot } from 'react-dom/client';
import { must } from '@curlew/shared/lib/result.ts';
import { AppRoot } from './app/app-root.tsx';
import { loadPagesWhenIdle } from './app/pages.ts';
import { startI18n } from './i18n/index.ts';
import { bridge } from './lib/bridge.ts';
import { takeInvitations } from './lib/invitation.ts';
import { keepCommands } from './lib/window-commands.ts';
import { applySpeech } from './lib/speech.ts';
import { applyTheme, bootSystemFacts, themeAttributes } from './lib/theme.ts';

// Chromium keeps every element whose animation was once waited for, with all in it, until the page is loaded anew. Ours
// only play as something opens, so nothing needs to wait for one.
Object.assign(globalThis, { BASE_UI_ANIMATIONS_DISABLED: true });
// Main may ask for something as soon as the page is there.
keepCommands();
const { boot } = bridge();
applyTheme(themeAttributes(boot.preferences, bootSystemFacts(boot)));
document.documentElement.dataset['platform'] = boot.platform;
startI18n();
const draw = () => {
  createRoot(must(document.getElementById('root'), 'index.html has the root')).render(<AppRoot />);
  loadPagesWhenIdle();
};
// English is part of this script, every other language one of its own. Without its words the app speaks English.
const spoken = applySpeech(boot.preferences.language, boot.locale);
takeInvitations(spoken);
spoken.then(draw, draw);
