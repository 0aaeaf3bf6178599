/** Stands in the composer's place where one cannot write, and says why. What was written stays readable above it. */
import './composer.css';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationMeta } from '../../../ipc/views.ts';
import { announce } from '../../lib/announcer.ts';

/** See the file comment. */
export function NoComposer({ meta }: { readonly meta: ConversationMeta }) {
  const { t } = useTranslation();
  const note = useRef<HTMLDivElement>(null);
  const text = t(reasonOf(meta));
  useEffect(() => {
    announce(text);
    // The field went with the focus in it: this keeps the keyboard where it was.
    if (document.activeElement === document.body) note.current?.focus();
  }, [text]);
  return (
    <div className="composer" data-region="composer">
      <div className="readonly" ref={note} tabIndex={-1}>
        {text}
      </div>
    </div>
  );
}

function reasonOf({ row, ownRole, isClosed }: ConversationMeta) {
  if (ownRole === null) return 'closed.left';
  if (isClosed) return 'closed.closed';
  return row?.kind === 'announcement' ? 'closed.announcement' : 'composer.readOnly';
}
