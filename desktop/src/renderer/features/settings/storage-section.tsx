import { useState, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { storageParts } from '../../../ipc/storage.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { formatBytes, formatNumber } from '../../lib/format.ts';
import { showToast } from '../../lib/toast.ts';
import { useLasting } from '../../lib/use-view.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { useStorage, type StorageFacts } from './use-storage.ts';

/** What takes space here, and emptying the cache. */
export function StorageSection({ isOffline }: { readonly isOffline: boolean }) {
  const { t } = useTranslation();
  const { facts, count } = useStorage();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const clear = async () => {
    setAsking(false);
    setBusy(true);
    const result = await invoke('storage.clear', {});
    setBusy(false);
    showToast({
      text: result.ok
        ? t(isOffline ? 'storage.clearedOffline' : 'storage.cleared')
        : t('storage.failed', { reason: errorText(result.error) }),
    });
    count();
  };
  const parts = facts.files?.parts;
  const size = formatBytes((parts?.messages ?? 0) + (parts?.search ?? 0));
  return (
    <>
      <h1>{t('storage.title')}</h1>
      <p className="lead">{t('storage.lead')}</p>
      <Parts files={facts.files} />
      <Conversations facts={facts} />
      <Group title={t('storage.cleanUp')}>
        <Row title={t('storage.clear')} detail={parts ? t('storage.clearHelp', { size }) : null}>
          <Button disabled={isBusy} onClick={() => setAsking(true)}>
            {t('storage.clearAct')}
          </Button>
        </Row>
      </Group>
      <Confirm
        isOpen={isAsking}
        title={t('storage.askTitle')}
        body={
          <>
            <p>{t('storage.askBody')}</p>
            {isOffline ? <p className="storage-offline">{t('storage.askOffline')}</p> : null}
          </>
        }
        safeLabel={t('storage.keep')}
        dangerLabel={t('storage.clearNow')}
        onSafe={() => setAsking(false)}
        onDanger={() => void clear()}
      />
    </>
  );
}

function Parts({ files }: { readonly files: StorageFacts['files'] }) {
  const { t } = useTranslation();
  if (!files) return <Group>{<Row title={t('storage.measuring')} />}</Group>;
  const { parts, freeBytes } = files;
  const total = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  const shown = storageParts.toSorted((a, b) => parts[b] - parts[a]);
  return (
    <Group>
      <div className="storage-total">
        <b>{formatBytes(total)}</b>{' '}
        <span className="t2">
          {freeBytes === null ? t('storage.totalOnly') : t('storage.total', { free: formatBytes(freeBytes) })}
        </span>
        <div className="storage-bar" aria-hidden="true">
          {shown.map((part) => (
            <span
              key={part}
              className={`storage-${part}`}
              style={{ '--share': parts[part] } as CSSProperties}
            />
          ))}
        </div>
      </div>
      {shown.map((part) => (
        <Row
          key={part}
          icon={<span className={`storage-mark storage-${part}`} aria-hidden="true" />}
          title={t(`storage.parts.${part}`)}
        >
          <span className="t2">{formatBytes(parts[part])}</span>
        </Row>
      ))}
    </Group>
  );
}

function Conversations({ facts }: { readonly facts: StorageFacts }) {
  const { t } = useTranslation();
  const { conversations, percent } = facts;
  const isSlow = useLasting(percent !== null, 1_000);
  return (
    <Group title={t('storage.conversations')}>
      {isSlow && percent !== null ? (
        <div className="srow">
          <label className="grow">
            <span className="d">{t('storage.progress', { percent: formatNumber(percent) })}</span>
            <progress className="storage-progress" max={100} value={percent} />
          </label>
        </div>
      ) : null}
      {conversations?.length === 0 ? <Row title={t('storage.none')} /> : null}
      {conversations && conversations.length > 0 ? (
        <>
          <div className="srow storage-note">
            <span className="d">{t('storage.conversationsNote')}</span>
          </div>
          {conversations.map(({ conversationId, title, messages, bytes }) => (
            <Row
              key={conversationId}
              title={<span className="storage-name">{title ?? t('storage.unnamed')}</span>}
              detail={t('storage.messages', { count: messages })}
            >
              <span className="t2">{formatBytes(bytes)}</span>
            </Row>
          ))}
        </>
      ) : null}
      {conversations === null && !isSlow ? <Row title={t('storage.measuring')} /> : null}
    </Group>
  );
}
