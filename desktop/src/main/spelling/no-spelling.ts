import type { SpellingMeta } from '../../ipc/settings-views.ts';

/** Before anybody has looked what this computer has. */
export const noSpelling: SpellingMeta = { languages: [], inUse: [], refused: [] };
