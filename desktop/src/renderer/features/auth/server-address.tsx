import { CircleCheck, CloudOff, Server } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { errorText } from '../../i18n/index.ts';
import { LinkButton } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import type { ServerField } from './use-server.ts';

/** The address field in its states: typing, looking, found, no answer. */
export function ServerAddress({ server }: { readonly server: ServerField }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const { status } = server;
  const isFound = status.kind === 'found';
  const isFailed = status.kind === 'failed';
  useEffect(() => {
    if (isFailed) field.current?.focus();
  }, [isFailed]);
  return (
    <TextField
      ref={field}
      label={t('auth.server')}
      name="server"
      inputMode="url"
      autoComplete="url"
      spellCheck={false}
      autoCapitalize="none"
      autoFocus={server.address === ''}
      placeholder={t('auth.serverPlaceholder')}
      value={isFound ? hostOf(status.info.serverUrl) : server.address}
      readOnly={isFound}
      onChange={(event) => server.setAddress(event.target.value)}
      icon={
        isFailed ? (
          <CloudOff className="i i16" aria-hidden="true" />
        ) : (
          <Server className="i i16" aria-hidden="true" />
        )
      }
      error={isFailed ? errorText(status.error) : null}
      trailing={
        isFound ? (
          <LinkButton
            isSmall
            onClick={() => {
              server.change();
              field.current?.focus();
            }}
          >
            {t('auth.change')}
          </LinkButton>
        ) : null
      }
      help={
        isFound ? (
          <div className="help ok">
            <CircleCheck className="i i14" aria-hidden="true" />
            {t(status.info.serverUrl.startsWith('https:') ? 'auth.secure' : 'auth.local', {
              name: status.info.name,
            })}
          </div>
        ) : status.kind === 'checking' ? (
          <div className="help">{t('auth.checking')}</div>
        ) : null
      }
    />
  );
}

function hostOf(url: string): string {
  return url.replace(/^https:\/\//u, '').replace(/\/$/u, '');
}
