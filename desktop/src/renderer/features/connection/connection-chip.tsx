/**
 * The connection chip: the single place for connection state. Empty while all is well; amber opens the outbox popover,
 * red leads to what needs an answer. Also speaks changes, once each.
 */
import { ChevronDown, CircleAlert, CloudOff, LogIn, RefreshCw } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectionMeta } from '../../../ipc/views.ts';
import { announce } from '../../lib/announcer.ts';
import { tell } from '../../lib/bridge.ts';
import { openDialog, showSection } from '../../lib/navigation.ts';
import { useIsOffline } from '../../lib/use-offline.ts';
import { useLasting, useMeta } from '../../lib/use-view.ts';
import { OutboxPopover } from './outbox-popover.tsx';

/** Catching up shorter than this is not worth a word. */
const updatingAfterMs = 2000;

/** The chip in the title bar. */
export function ConnectionChip() {
  const { t } = useTranslation();
  const connection = useMeta('connection', {});
  const [anchor, setAnchor] = useState<Element | null>(null);
  const isOffline = useIsOffline();
  const isUpdating = useLasting(connection?.state === 'updating', updatingAfterMs);
  useSpokenChanges(connection, isOffline);
  useEffect(() => {
    if (connection?.state === 'connected') setAnchor(null);
  }, [connection?.state]);
  if (!connection) return null;
  const { state, waiting, failed } = connection;
  if (state === 'signInAgain') {
    return (
      <button type="button" className="status-chip bad" onClick={() => openDialog('signIn')}>
        <LogIn className="i i14" aria-hidden="true" />
        {t('connection.signInAgain')}
      </button>
    );
  }
  if (state === 'updateRequired') {
    return (
      <span className="status-chip bad">
        <CircleAlert className="i i14" aria-hidden="true" />
        {t('connection.updateRequired')}
      </span>
    );
  }
  if (state === 'fenced') {
    return (
      <button type="button" className="status-chip bad" onClick={() => tell('connection.retryNow', {})}>
        <CircleAlert className="i i14" aria-hidden="true" />
        {t('connection.fenced')} · {t('connection.reconnect')}
      </button>
    );
  }
  if (failed > 0) {
    return (
      <button type="button" className="status-chip bad" onClick={() => showSection('outbox')}>
        <CircleAlert className="i i14" aria-hidden="true" />
        {t('connection.notSent', { count: failed })}
      </button>
    );
  }
  if (isOffline) {
    return (
      <>
        <button
          type="button"
          className="status-chip warn"
          aria-haspopup="dialog"
          aria-expanded={anchor !== null}
          onClick={(event) => setAnchor(anchor ? null : event.currentTarget)}
        >
          <CloudOff className="i i14" aria-hidden="true" />
          {waiting > 0 ? t('connection.offlineWaiting', { count: waiting }) : t('connection.offline')}
          <ChevronDown className="i i14" aria-hidden="true" />
        </button>
        <OutboxPopover
          anchor={anchor}
          lastContactMs={connection.lastContactMs}
          onClose={() => setAnchor(null)}
        />
      </>
    );
  }
  if (isUpdating) {
    return (
      <span className="status-chip ok">
        <RefreshCw className="i i14 m-spin" aria-hidden="true" />
        {t('connection.updating')}
      </span>
    );
  }
  return null;
}

/** Connection changes are read politely, failures at once; nothing is said at start. */
function useSpokenChanges(connection: ConnectionMeta | null, isOffline: boolean): void {
  const { t } = useTranslation();
  const before = useRef<{ connection: ConnectionMeta; isOffline: boolean } | null>(null);
  useEffect(() => {
    const was = before.current;
    before.current = connection && { connection, isOffline };
    if (!was || !connection) return;
    if (isOffline !== was.isOffline)
      announce(t(isOffline ? 'connection.nowOffline' : 'connection.backOnline'));
    if (connection.state === 'signInAgain' && was.connection.state !== 'signInAgain') {
      announce(t('connection.signInAgain'), 'assertive');
    }
    if (connection.failed > was.connection.failed) {
      announce(t('connection.notSent', { count: connection.failed }), 'assertive');
    }
  }, [connection, isOffline, t]);
}
