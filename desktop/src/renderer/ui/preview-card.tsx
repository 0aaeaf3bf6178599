/** What a link leads to. Drawn from what came with the message: nothing is fetched. */
import './preview-card.css';
import type { LinkPreview } from '@curlew/shared/domain/message.ts';
import type { ReactNode } from 'react';
import { tell } from '../lib/bridge.ts';

/** A card that opens its link outside; `action` stands beside it. */
export function PreviewCard({
  preview,
  action,
  isTabStop,
}: {
  readonly preview: LinkPreview;
  readonly action?: ReactNode;
  readonly isTabStop: boolean;
}) {
  return (
    <div className="preview-card">
      <button
        type="button"
        className="preview-link"
        tabIndex={isTabStop ? undefined : -1}
        onClick={() => tell('app.openExternal', { url: preview.url })}
      >
        <span className="s12 t2 clip">{preview.siteName}</span>
        <b className="med">{preview.title}</b>
        {preview.description === '' ? null : (
          <span className="preview-text s13 t2">{preview.description}</span>
        )}
      </button>
      {action}
    </div>
  );
}
