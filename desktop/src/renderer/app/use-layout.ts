/** Which layout the window's width asks for. The steps are those of the stylesheets. */
import { useSyncExternalStore } from 'react';

/** `narrow`: one pane. `middle`: list and conversation. `overlay`: details float above. `full`: all panes. */
export type Layout = 'narrow' | 'middle' | 'overlay' | 'full';

const steps: readonly { readonly query: string; readonly layout: Layout }[] = [
  { query: '(max-width: 719px)', layout: 'narrow' },
  { query: '(max-width: 959px)', layout: 'middle' },
  { query: '(max-width: 1179px)', layout: 'overlay' },
];

function current(): Layout {
  return steps.find((step) => window.matchMedia(step.query).matches)?.layout ?? 'full';
}

function subscribe(listener: () => void): () => void {
  const queries = steps.map((step) => window.matchMedia(step.query));
  for (const query of queries) query.addEventListener('change', listener);
  return () => {
    for (const query of queries) query.removeEventListener('change', listener);
  };
}

/** The layout now. */
export function useLayout(): Layout {
  return useSyncExternalStore(subscribe, current);
}
