import { BadgeCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnAuthority } from '../../ipc/network.ts';
import { errorText } from '../i18n/index.ts';
import { invoke } from '../lib/bridge.ts';
import { formatDate } from '../lib/format.ts';
import { Button } from './button.tsx';
import { FieldError } from './field.tsx';
import { Group, Row } from './page.tsx';

/** The authority a person trusts beside those every computer knows, chosen as a file. In use at once. */
export function AuthorityGroup({ authority }: { readonly authority: OwnAuthority | null }) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<string | null>(null);
  const [isTaken, setTaken] = useState(false);
  const choose = async () => {
    setFault(null);
    setTaken(false);
    const result = await invoke('network.chooseAuthority', {});
    if (!result.ok) return setFault(errorText(result.error));
    const { outcome } = result.value;
    if (outcome === 'chosen') return setTaken(true);
    return outcome === 'nothing' ? undefined : setFault(t(`network.outcome.${outcome}`));
  };
  const drop = async () => {
    setFault(null);
    setTaken(false);
    const result = await invoke('network.dropAuthority', {});
    if (!result.ok) setFault(errorText(result.error));
  };
  const details = authority
    ? [
        t('network.validUntil', { date: formatDate(authority.validToMs) }),
        ...(authority.certificates > 1 ? [t('network.more', { count: authority.certificates })] : []),
      ]
    : [t('network.authorityHelp')];
  return (
    <Group title={t('network.certificates')}>
      <Row
        icon={authority ? <BadgeCheck className="i ok" aria-hidden="true" /> : null}
        title={<span className="net-name">{authority?.subject ?? t('network.authority')}</span>}
        detail={
          <>
            {details.join(' · ')}
            <span role="status">
              {isTaken ? <span className="d">{t('network.outcome.chosen')}</span> : null}
            </span>
            <FieldError text={fault} />
          </>
        }
      >
        {authority ? <Button onClick={() => void drop()}>{t('network.drop')}</Button> : null}
        <Button onClick={() => void choose()}>{t('network.choose')}</Button>
      </Row>
    </Group>
  );
}
