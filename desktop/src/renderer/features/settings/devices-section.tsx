import { Laptop, Monitor } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceRow } from '../../../ipc/settings-views.ts';
import { errorText } from '../../i18n/index.ts';
import { invoke } from '../../lib/bridge.ts';
import { formatAgo, formatDate } from '../../lib/format.ts';
import { showToast } from '../../lib/toast.ts';
import { useView } from '../../lib/use-view.ts';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Group, Row } from '../../ui/page.tsx';

/** Devices of the account, and signing them out. */
export function DevicesSection() {
  const { t } = useTranslation();
  const { state } = useView('devices', {});
  const [revoked, setRevoked] = useState<DeviceRow | null>(null);
  const [wipe, setWipe] = useState(false);
  const devices = (state?.order ?? []).flatMap((key) => state?.rows[key] ?? []);
  const current = devices.filter((device) => device.isCurrent);
  const others = devices.filter((device) => !device.isCurrent);
  const status = state?.meta.state ?? 'loading';
  const place = ({ address }: DeviceRow) =>
    address === null ? [] : [t('settings.fromAddress', { address })];
  const revoke = async (device: DeviceRow) => {
    setRevoked(null);
    const result = await invoke('device.revoke', { deviceId: device.id, wipe });
    showToast({ text: result.ok ? t('settings.revoked') : errorText(result.error) });
  };
  return (
    <>
      <h1>{t('settings.devices')}</h1>
      <p className="lead">{t('settings.devicesLead')}</p>
      {devices.length === 0 && status !== 'ready' ? (
        <p className="t3 page-note">
          {t(status === 'failed' ? 'settings.devicesFailed' : 'settings.devicesLoading')}
        </p>
      ) : null}
      {current.length > 0 ? (
        <Group title={t('settings.thisDevice')}>
          {current.map((device) => (
            <Row
              key={device.id}
              icon={<Monitor className="i" aria-hidden="true" />}
              title={device.name}
              detail={[
                t('settings.activeNow'),
                ...place(device),
                t('settings.since', { date: formatDate(device.createdAtMs) }),
              ].join(' · ')}
            />
          ))}
        </Group>
      ) : null}
      {status === 'ready' || others.length > 0 ? (
        <Group title={t('settings.otherDevices')}>
          {others.length === 0 ? <Row title={t('settings.noOtherDevices')} /> : null}
          {others.map((device) => (
            <Row
              key={device.id}
              icon={<Laptop className="i" aria-hidden="true" />}
              title={device.name}
              detail={[
                device.lastSeenMs === null
                  ? t('settings.neverActive')
                  : t('settings.active', { when: formatAgo(device.lastSeenMs, Date.now()) }),
                ...place(device),
              ].join(' · ')}
            >
              <Button
                size="small"
                tone="dangerQuiet"
                aria-label={t('settings.revokeName', { name: device.name })}
                onClick={() => {
                  setWipe(false);
                  setRevoked(device);
                }}
              >
                {t('settings.revoke')}
              </Button>
            </Row>
          ))}
        </Group>
      ) : null}
      <Confirm
        isOpen={revoked !== null}
        title={t('settings.revokeTitle', { name: revoked?.name ?? '' })}
        body={
          <>
            <p>{t('settings.revokeBody')}</p>
            <label className="check">
              <input type="checkbox" checked={wipe} onChange={(event) => setWipe(event.target.checked)} />
              <span>
                {t('settings.wipe')}
                <span className="d">{t('settings.wipeHelp')}</span>
              </span>
            </label>
          </>
        }
        safeLabel={t('settings.keepDevice')}
        dangerLabel={t('settings.revokeNow')}
        onSafe={() => setRevoked(null)}
        onDanger={() => revoked && void revoke(revoked)}
      />
    </>
  );
}
