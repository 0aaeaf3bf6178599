/**
 * The preview of the link being written. Owns, by place, which links the person wants none of, and what goes with the
 * send. The core asks the page; nothing here touches the network.
 */
import type { LinkPreview } from '@curlew/shared/domain/message.ts';
import { useEffect, useState } from 'react';
import { invoke } from '../../lib/bridge.ts';
import { firstWebLink } from '@curlew/shared/lib/markdown.ts';

/** A link that is still being typed is not asked for. */
const settleMs = 600;

/** Links whose preview was taken away, by place. */
const unwanted = new Map<string, Set<string>>();

interface Shown {
  readonly place: string;
  readonly preview: LinkPreview;
}

/** The preview to show and send, or null. */
export function useLinkPreview(
  place: string,
  text: string,
  isOn: boolean,
): { readonly preview: LinkPreview | null; readonly remove: () => void } {
  const [shown, setShown] = useState<Shown | null>(null);
  const url = isOn && text.includes('https://') ? firstWebLink(text) : null;
  const isWanted = url !== null && unwanted.get(place)?.has(url) !== true;
  useEffect(() => {
    if (url === null || !isWanted) return undefined;
    let isCurrent = true;
    const timer = setTimeout(() => {
      void invoke('link.preview', { url }).then((result) => {
        if (isCurrent && result.ok && result.value.preview)
          setShown({ place, preview: result.value.preview });
      });
    }, settleMs);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [place, url, isWanted]);
  // What was fetched for another link, or another place, is not this one's.
  const preview = isWanted && shown?.place === place && shown.preview.url === url ? shown.preview : null;
  const remove = () => {
    if (url === null) return;
    unwanted.set(place, (unwanted.get(place) ?? new Set()).add(url));
    setShown(null);
  };
  return { preview, remove };
}
