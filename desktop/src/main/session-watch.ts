/** Who is signed in, as main sees it. */
import type { SessionMeta } from '../ipc/views.ts';

/** See the file's head. */
export interface SessionWatch {
  /** Calls back now, if the session is known, and at every change. */
  onChange(listener: (session: SessionMeta) => void): void;
}
