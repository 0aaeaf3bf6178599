/**
 * How this device reaches its servers: the proxy, and whose certificates it trusts beside the usual. Owns what is typed
 * until it is applied; a password is in its field alone and leaves with the intent that needs it.
 */
import './network-form.css';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useId, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  defaultNetworkSettings,
  isPacUrl,
  isProxyHost,
  type NetworkMeta,
  type NetworkSettings,
} from '../../ipc/network.ts';
import { errorText } from '../i18n/index.ts';
import { invoke } from '../lib/bridge.ts';
import { formatNumber } from '../lib/format.ts';
import { useMeta } from '../lib/use-view.ts';
import { AuthorityGroup } from './authority-group.tsx';
import { Button } from './button.tsx';
import { PasswordField, TextField } from './field.tsx';
import { Group } from './page.tsx';

const modes = ['system', 'pac', 'manual', 'none'] as const;
const types = ['http', 'https', 'socks5'] as const;

/** What is typed: as the settings, but that a port may be half a number. */
interface Draft extends Omit<NetworkSettings, 'port'> {
  readonly port: string;
  readonly password: string;
}

type Said = { readonly isGood: boolean; readonly text: string };

/** The groups of the page. `serverUrl`: what a test reaches; null where nobody said it yet. */
export function NetworkForm({ serverUrl }: { readonly serverUrl: string | null }) {
  const meta = useMeta('network', {});
  if (!meta) return null;
  return (
    <>
      <ProxyGroup meta={meta} serverUrl={serverUrl} />
      <AuthorityGroup authority={meta.authority} />
    </>
  );
}

function draftOf({ settings }: NetworkMeta): Draft {
  return { ...settings, port: String(settings.port), password: '' };
}

function ProxyGroup({ meta, serverUrl }: { readonly meta: NetworkMeta; readonly serverUrl: string | null }) {
  const { t } = useTranslation();
  const name = useId();
  const [typed, setTyped] = useState<Draft | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isChecked, setChecked] = useState(false);
  const [said, setSaid] = useState<Said | null>(null);
  const draft = typed ?? draftOf(meta);
  const set = (change: Partial<Draft>) => {
    setTyped({ ...draft, ...change });
    setSaid(null);
  };
  const faults = faultsOf(draft);
  const isWrong = Object.values(faults).includes(true);
  const { host, port, password, ...rest } = draft;
  const settings: NetworkSettings = {
    ...rest,
    host: host.trim(),
    pacUrl: rest.pacUrl.trim(),
    // What is half a number belongs to another mode than the chosen one here, or is not sent at all.
    port: isPort(port) ? Number(port) : defaultNetworkSettings.port,
  };
  const request = { settings, ...(password === '' ? {} : { password }) };

  const test = async () => {
    setChecked(true);
    if (isWrong || serverUrl === null) return;
    setBusy(true);
    setSaid(null);
    const startedMs = performance.now();
    const result = await invoke('network.test', { ...request, serverUrl });
    setBusy(false);
    if (result.ok) {
      const { host: reached, isDirect, tookMs } = result.value;
      const values = { host: reached, ms: formatNumber(tookMs) };
      setSaid({
        isGood: true,
        text: t(isDirect ? 'network.reachedDirectly' : 'network.reachedByProxy', values),
      });
      return;
    }
    const ms = formatNumber(Math.round(performance.now() - startedMs));
    setSaid({ isGood: false, text: t('network.notReached', { ms, reason: errorText(result.error) }) });
  };
  const apply = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (isBusy || isWrong) return;
    setBusy(true);
    const result = await invoke('network.set', request);
    setBusy(false);
    setTyped(null);
    setChecked(false);
    setSaid(
      result.ok
        ? { isGood: true, text: t('network.applied') }
        : { isGood: false, text: t('network.notKept', { reason: errorText(result.error) }) },
    );
  };
  return (
    <form onSubmit={(event) => void apply(event)} noValidate>
      <Group title={t('network.proxy')}>
        <div role="radiogroup" aria-label={t('network.proxy')}>
          {modes.map((mode) => (
            <div key={mode} className="net-mode">
              <label className="srow">
                <input
                  type="radio"
                  className="radio"
                  name={name}
                  checked={draft.mode === mode}
                  onChange={() => set({ mode })}
                />
                <span className="grow">
                  {t(`network.mode.${mode}`)}
                  {mode === 'system' || mode === 'none' ? (
                    <span className="d">{t(`network.${mode}Help`)}</span>
                  ) : null}
                </span>
              </label>
              {mode === 'pac' && draft.mode === mode ? (
                <div className="net-fields">
                  <TextField
                    label={t('network.pacUrl')}
                    inputMode="url"
                    spellCheck={false}
                    autoComplete="off"
                    value={draft.pacUrl}
                    error={isChecked && faults.pacUrl ? t('network.pacWrong') : null}
                    onChange={(event) => set({ pacUrl: event.target.value })}
                  />
                </div>
              ) : null}
              {mode === 'manual' && draft.mode === mode ? (
                <ManualFields draft={draft} meta={meta} faults={isChecked ? faults : noFaults} set={set} />
              ) : null}
            </div>
          ))}
        </div>
        <div className="srow net-acts">
          <Button onClick={() => void test()} disabled={isBusy || serverUrl === null}>
            {t(isBusy ? 'network.testing' : 'network.test')}
          </Button>
          <Button tone="primary" submits disabled={isBusy || typed === null}>
            {t('network.apply')}
          </Button>
          <div className="grow" role="status">
            <Outcome said={said} />
            {said === null && serverUrl === null ? (
              <span className="d">{t('network.testNeedsServer')}</span>
            ) : null}
          </div>
        </div>
      </Group>
    </form>
  );
}

/** A sentence about what was tried. */
export function Outcome({ said }: { readonly said: Said | null }): ReactNode {
  if (!said) return null;
  const Icon = said.isGood ? CircleCheck : CircleAlert;
  return (
    <span className={`help ${said.isGood ? 'ok' : 'err'}`}>
      <Icon className="i i14" aria-hidden="true" />
      <span>{said.text}</span>
    </span>
  );
}

interface Faults {
  readonly pacUrl: boolean;
  readonly host: boolean;
  readonly port: boolean;
}
const noFaults: Faults = { pacUrl: false, host: false, port: false };

function faultsOf({ mode, pacUrl, host, port }: Draft): Faults {
  return {
    pacUrl: mode === 'pac' && !isPacUrl(pacUrl.trim()),
    host: mode === 'manual' && !isProxyHost(host.trim()),
    port: mode === 'manual' && !isPort(port),
  };
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/u.test(text.trim()) && Number(text) >= 1 && Number(text) <= 65_535;
}

function ManualFields({
  draft,
  meta,
  faults,
  set,
}: {
  readonly draft: Draft;
  readonly meta: NetworkMeta;
  readonly faults: Faults;
  readonly set: (change: Partial<Draft>) => void;
}) {
  const { t } = useTranslation();
  const typeId = useId();
  const { settings } = meta;
  const isKept =
    meta.password !== 'none' &&
    draft.type === settings.type &&
    draft.host.trim() === settings.host &&
    draft.port === String(settings.port) &&
    draft.user === settings.user;
  const help = !isKept
    ? 'network.passwordPlace'
    : meta.password === 'kept'
      ? 'network.passwordKept'
      : 'network.passwordThisRun';
  return (
    <div className="net-fields">
      <div className="net-line">
        <div className="field net-type">
          <label htmlFor={typeId}>{t('network.type')}</label>
          <select
            id={typeId}
            className="selbox"
            value={draft.type}
            onChange={(event) => {
              const type = types.find((each) => each === event.target.value);
              if (type) set({ type });
            }}
          >
            {types.map((type) => (
              <option key={type} value={type}>
                {t(`network.types.${type}`)}
              </option>
            ))}
          </select>
        </div>
        <div className="net-host">
          <TextField
            label={t('network.host')}
            spellCheck={false}
            autoComplete="off"
            autoCapitalize="none"
            dir="ltr"
            value={draft.host}
            error={faults.host ? t('network.hostWrong') : null}
            onChange={(event) => set({ host: event.target.value })}
          />
        </div>
        <div className="net-port">
          <TextField
            label={t('network.port')}
            inputMode="numeric"
            autoComplete="off"
            dir="ltr"
            value={draft.port}
            error={faults.port ? t('network.portWrong') : null}
            onChange={(event) => set({ port: event.target.value })}
          />
        </div>
      </div>
      <div className="net-line">
        <div className="net-half">
          <TextField
            label={t('network.user')}
            labelNote={t('network.optional')}
            spellCheck={false}
            autoComplete="off"
            dir="ltr"
            value={draft.user}
            onChange={(event) => set({ user: event.target.value })}
          />
        </div>
        <div className="net-half">
          <PasswordField
            label={t('network.password')}
            labelNote={t('network.optional')}
            autoComplete="off"
            dir="ltr"
            placeholder={isKept ? '••••••••' : undefined}
            disabled={draft.user === ''}
            value={draft.password}
            help={<div className="help">{t(help)}</div>}
            onChange={(event) => set({ password: event.target.value })}
          />
        </div>
      </div>
    </div>
  );
}
