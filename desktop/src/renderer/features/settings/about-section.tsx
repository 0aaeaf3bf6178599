import { CircleAlert, CircleCheck, CloudOff, Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { tell } from '../../lib/bridge.ts';
import { showSection } from '../../lib/navigation.ts';
import { showToast } from '../../lib/toast.ts';
import { useMeta } from '../../lib/use-view.ts';
import { Button } from '../../ui/button.tsx';
import { Mark } from '../../ui/mark.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { UpdateGroup } from './update-group.tsx';

/** Version, runtime (and whether it is the fallback) and health. */
export function AboutSection() {
  const { t } = useTranslation();
  const about = useMeta('about', {});
  const connection = useMeta('connection', {});
  if (!about) return null;
  const isConnected = connection?.state === 'connected' || connection?.state === 'updating';
  const failed = connection?.failed ?? 0;
  const waiting = connection?.waiting ?? 0;
  const server = about.serverUrl?.replace(/^https?:\/\//u, '') ?? null;
  const runtime =
    about.runtime === 'fallback'
      ? t('settings.runtimeFallback', { version: about.electron, declared: about.declaredElectron })
      : t('settings.runtimeDeclared', { version: about.electron });
  const components = t('settings.components', {
    node: about.node,
    chrome: about.chrome,
    sqlite: about.sqlite,
  });
  const copy = () => {
    // No names, addresses or texts: this is meant to be pasted into a public issue.
    const lines = [
      `Curlew ${about.version}`,
      runtime,
      components,
      `Server ${about.serverVersion ?? '?'}`,
      `Connection ${connection?.state ?? '?'}${connection?.error ? ` (${connection.error.code})` : ''}`,
      `Outbox ${waiting} waiting, ${failed} failed`,
    ];
    tell('app.copyText', { text: lines.join('\n') });
    showToast({ text: t('app.copied') });
  };
  return (
    <>
      <h1>{t('settings.about')}</h1>
      <p className="lead">{t('settings.aboutLead')}</p>
      <Group>
        <div className="srow about-top">
          <span className="about-mark">
            <Mark size={24} className="i24" />
          </span>
          <div className="grow">
            <div className="b profile-name">{t('settings.version', { version: about.version })}</div>
            <div className="d">{runtime}</div>
            <div className="d">{components}</div>
          </div>
        </div>
      </Group>
      <UpdateGroup />
      <Group title={t('settings.health')}>
        <Row
          icon={
            isConnected ? (
              <CircleCheck className="i ok" aria-hidden="true" />
            ) : (
              <CloudOff className="i warn" aria-hidden="true" />
            )
          }
          title={t('settings.connection')}
          detail={
            server === null
              ? t('settings.noServer')
              : `${t(isConnected ? 'settings.connected' : 'settings.notConnected', { server })}${
                  about.serverVersion
                    ? ` · ${t('settings.serverVersion', { version: about.serverVersion })}`
                    : ''
                }`
          }
        />
        <Row
          icon={
            failed > 0 ? (
              <CircleAlert className="i warn" aria-hidden="true" />
            ) : (
              <CircleCheck className="i ok" aria-hidden="true" />
            )
          }
          title={t('settings.outbox')}
          detail={
            failed > 0
              ? t('settings.outboxFailed', { count: failed })
              : waiting > 0
                ? t('settings.outboxWaiting', { count: waiting })
                : t('settings.outboxEmpty')
          }
        >
          {failed + waiting > 0 ? (
            <Button size="small" onClick={() => showSection('outbox')}>
              {t('settings.openOutbox')}
            </Button>
          ) : null}
        </Row>
      </Group>
      <div className="row page-actions">
        <Button onClick={copy}>
          <Copy className="i i16" aria-hidden="true" />
          {t('settings.copyDiagnostics')}
        </Button>
      </div>
      <p className="s13 t3 page-note">{t('settings.diagnosticsHint')}</p>
    </>
  );
}
