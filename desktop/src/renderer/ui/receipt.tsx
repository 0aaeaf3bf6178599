/**
 * Receipt glyphs. Owns the 16 px slot beside the time of an own message: it is always there, so that no change of
 * state ever moves text. `queued` and `sending` show only after a second, so that a quick send goes straight to a
 * check; offline the clock shows at once.
 */
import { Check, CheckCheck, CircleAlert, CircleHelp, Clock, LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { phrase } from '../i18n/index.ts';
import type { SendState } from '../../ipc/message-rows.ts';
import { useLasting } from '../lib/use-view.ts';

const glyphs: Record<SendState, ReactNode> = {
  queued: <Clock className="rc" />,
  sending: <LoaderCircle className="rc m-spin" />,
  sent: <Check className="rc" />,
  delivered: <CheckCheck className="rc" />,
  read: <CheckCheck className="rc read" />,
  failed: <CircleAlert className="rc bad" />,
  parked: <CircleHelp className="rc" />,
};

/** How long a message may be under way before that is shown. */
const quietMs = 1000;

/** The glyph of a send state with its text name. */
export function Receipt({ state, isOffline }: { readonly state: SendState; readonly isOffline?: boolean }) {
  const isUnderWay = state === 'queued' || state === 'sending';
  const lasted = useLasting(isUnderWay, quietMs);
  const isShown = !isUnderWay || lasted || (state === 'queued' && isOffline === true);
  return (
    <span className="rc-slot" role="img" aria-label={phrase(`receipt.${state}`)} data-state={state}>
      {isShown ? glyphs[state] : null}
    </span>
  );
}
