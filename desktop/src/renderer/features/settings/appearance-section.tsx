import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { languageNames, languages, speechOf } from '../../../ipc/languages.ts';
import { bridge } from '../../lib/bridge.ts';
import { formatTime } from '../../lib/format.ts';
import { useMeta } from '../../lib/use-view.ts';
import { Segmented } from '../../ui/field.tsx';
import { Group, Row } from '../../ui/page.tsx';
import { SelectRow, SwitchRow } from '../../ui/settings-rows.tsx';
import { setPreferences } from '../../lib/set-preferences.ts';
import { SpellingGroup } from './spelling-group.tsx';

const scales = [0.87, 1, 1.13, 1.27, 1.4] as const;
/** A time whose hours show which clock is used. */
const exampleTimeMs = new Date(2026, 0, 5, 17, 30).getTime();
const themes = ['system', 'light', 'dark'] as const;

/** Theme, contrast, text size, density, motion and language. Applied at once. */
export function AppearanceSection() {
  const { t } = useTranslation();
  const preferences = useMeta('preferences', {});
  if (!preferences) return null;
  const isHigh =
    preferences.contrast === 'system'
      ? document.documentElement.dataset['contrast'] === 'high'
      : preferences.contrast === 'high';
  const scaleIndex = scales.indexOf(preferences.messageScale);
  return (
    <>
      <h1>{t('settings.appearance')}</h1>
      <p className="lead">{t('settings.appearanceLead')}</p>
      <section className="sgrp">
        <h2 id="theme-title">{t('settings.theme')}</h2>
        <div className="themes" role="radiogroup" aria-labelledby="theme-title">
          {themes.map((theme) => (
            <label key={theme} className={`theme-opt${preferences.theme === theme ? ' on' : ''}`}>
              <ThemePicture theme={theme} />
              <span className="cap">
                <input
                  type="radio"
                  className="radio"
                  name="theme"
                  checked={preferences.theme === theme}
                  onChange={() => setPreferences({ theme })}
                />
                {t(
                  theme === 'system'
                    ? 'settings.themeSystem'
                    : theme === 'light'
                      ? 'settings.themeLight'
                      : 'settings.themeDark',
                )}
              </span>
            </label>
          ))}
        </div>
      </section>
      <Group>
        <SwitchRow
          title={t('settings.contrast')}
          detail={t('settings.contrastHelp')}
          isOn={isHigh}
          onChange={(isOn) => setPreferences({ contrast: isOn ? 'high' : 'normal' })}
        />
      </Group>
      <Group title={t('settings.textLayout')}>
        <label className="srow">
          <span className="grow">
            {t('settings.textSize')}
            <span className="d">{t('settings.textSizeHelp')}</span>
          </span>
          <span className="scale-a" aria-hidden="true">
            A
          </span>
          <input
            type="range"
            className="scale"
            min={0}
            max={scales.length - 1}
            step={1}
            value={scaleIndex}
            style={{ '--scale-at': `${(scaleIndex / (scales.length - 1)) * 100}%` } as CSSProperties}
            aria-valuetext={t('settings.textSizeValue', {
              percent: Math.round(preferences.messageScale * 100),
            })}
            onChange={(event) => setPreferences({ messageScale: scales[Number(event.target.value)] ?? 1 })}
          />
          <span className="scale-a big" aria-hidden="true">
            A
          </span>
        </label>
        <Row title={t('settings.density')} detail={t('settings.densityHelp')}>
          <Segmented
            label={t('settings.density')}
            value={preferences.density}
            options={[
              { value: 'comfortable', label: t('settings.comfortable') },
              { value: 'compact', label: t('settings.compact') },
            ]}
            onChange={(density) => setPreferences({ density })}
          />
        </Row>
      </Group>
      <Group title={t('settings.motionGroup')}>
        <Row title={t('settings.motion')} detail={t('settings.motionHelp')}>
          <Segmented
            label={t('settings.motion')}
            value={preferences.motion}
            options={[
              { value: 'system', label: t('settings.system') },
              { value: 'reduced', label: t('settings.on') },
            ]}
            onChange={(motion) => setPreferences({ motion })}
          />
        </Row>
        <SelectRow
          title={t('settings.language')}
          detail={t('settings.languageNow', {
            language: languageNames[speechOf(preferences.language, bridge().boot.locale).language],
            time: formatTime(exampleTimeMs),
          })}
          value={preferences.language}
          options={[
            { value: 'system', label: t('settings.systemDefault') },
            ...languages.map((value) => ({ value, label: languageNames[value] })),
          ]}
          onChange={(language) => setPreferences({ language })}
        />
      </Group>
      <SpellingGroup />
    </>
  );
}

/** A small picture of the window; each half carries its own theme, so it shows real colours. */
function ThemePicture({ theme }: { readonly theme: (typeof themes)[number] }) {
  if (theme !== 'system') return <PictureHalf theme={theme} />;
  return (
    <span className="prev-both" aria-hidden="true">
      <PictureHalf theme="light" />
      <span className="prev-cut">
        <PictureHalf theme="dark" />
      </span>
    </span>
  );
}

function PictureHalf({ theme }: { readonly theme: 'light' | 'dark' }) {
  return (
    <span className="prev" data-theme={theme} aria-hidden="true">
      <span className="prev-rail" />
      <span className="prev-list">
        <i />
        <i />
        <i />
      </span>
      <span className="prev-main">
        <i />
        <i className="own" />
        <i />
      </span>
    </span>
  );
}
