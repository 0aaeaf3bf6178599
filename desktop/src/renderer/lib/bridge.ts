/**
 * The renderer's end of the bridge. Owns access to `window.curlew`; everything else in the renderer asks through
 * {@link invoke} or a live view and never touches the global itself.
 */
import type { Bridge } from '../../ipc/bridge.ts';
import type { IntentAnswer, IntentName, IntentRequest } from '../../ipc/intents.ts';
import { translate } from '../i18n/index.ts';
import { must, type Result } from '@curlew/shared/lib/result.ts';
import type { ErrorBody } from '@curlew/shared/protocol/errors.ts';

declare global {
  interface Window {
    /** Set by the preload; absent only where a test forgot to install one. */
    curlew?: Bridge;
  }
}

/** The bridge the preload exposed. */
export function bridge(): Bridge {
  return must(window.curlew, 'the preload exposes the bridge before the renderer starts');
}

/**
 * Asks main or the core for something. A broken channel (main gone, payload refused) comes back as an error value
 * like any other, so that no caller has to catch.
 */
export async function invoke<I extends IntentName>(
  name: I,
  request: IntentRequest<I>,
): Promise<Result<IntentAnswer<I>, ErrorBody>> {
  try {
    return await bridge().invoke(name, request);
  } catch (cause) {
    return {
      ok: false,
      error: {
        code: 'INTERNAL',
        message: translate()('app.brokenChannel'),
        detail: cause instanceof Error ? cause.message : String(cause),
      },
    };
  }
}

/** Like {@link invoke}, for intents whose refusal nobody can act upon (typing, presence, what is on screen). */
export function tell<I extends IntentName>(name: I, request: IntentRequest<I>): void {
  void invoke(name, request);
}
