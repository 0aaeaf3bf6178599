/** The filter menu of the list: kinds, sites and units, drafts, the archive. What is ticked counts once it is shown. */
import { ListFilter } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ViewParams } from '../../../ipc/views.ts';
import { formatNumber } from '../../lib/format.ts';
import {
  chooseInList,
  choiceParams,
  isFiltered,
  noChoice,
  useListChoice,
  type ListChoice,
  type ListKind,
} from '../../lib/list-choice.ts';
import type { ListSection } from '../../lib/navigation.ts';
import { useMeta } from '../../lib/use-view.ts';
import { IconButton } from '../../ui/button.tsx';
import { AnchoredMenu, MenuCheck, MenuEnd, MenuLine, MenuSection } from '../../ui/menu.tsx';

/** Which conversations the list is of before anything is filtered. */
export type ListBase = Pick<ViewParams<'conversations'>, 'kind' | 'orgId' | 'placeId'>;

const kinds: readonly ListKind[] = ['direct', 'group', 'linked', 'announcement'];

interface FilterProps {
  readonly section: ListSection;
  readonly base: ListBase;
}

/** The button that opens the menu; it stands out while something is filtered. */
export function FilterButton(props: FilterProps) {
  const { t } = useTranslation();
  const [anchor, setAnchor] = useState<Element | null>(null);
  const isOn = isFiltered(useListChoice(props.section));
  return (
    <>
      <IconButton
        label={t(isOn ? 'list.filtersOn' : 'list.filters')}
        isSmall
        isOn={isOn || anchor !== null}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <ListFilter className="i" />
      </IconButton>
      <AnchoredMenu anchor={anchor} label={t('list.filters')} onClose={() => setAnchor(null)}>
        {anchor ? <Filters {...props} /> : null}
      </AnchoredMenu>
    </>
  );
}

function Filters({ section, base }: FilterProps) {
  const { t } = useTranslation();
  const shown = useListChoice(section);
  const [choice, setChoice] = useState<ListChoice>(shown);
  const filters = useMeta('listFilters', base);
  const found = useMeta('conversations', { ...base, ...choiceParams(choice), offset: 0, limit: 1 });
  const change = (part: Partial<ListChoice>) => setChoice((now) => ({ ...now, ...part }));
  const note = (count: number | undefined) => (count === undefined ? undefined : formatNumber(count));
  return (
    <div className="filter-menu">
      {base.kind === undefined ? (
        <>
          <MenuSection label={t('list.filterType')}>
            {kinds.map((kind) => (
              <MenuCheck
                key={kind}
                isOn={choice.kinds.includes(kind)}
                note={note(filters?.kinds[kind])}
                onChange={(isOn) => change({ kinds: toggled(choice.kinds, kind, isOn) })}
              >
                {t(`list.filterKind.${kind}`)}
              </MenuCheck>
            ))}
          </MenuSection>
          <MenuLine />
        </>
      ) : null}
      {filters && filters.places.length > 0 ? (
        <>
          <MenuSection label={t('list.filterPlaces')}>
            {filters.places.map(({ id, name, depth, conversations }) => (
              <MenuCheck
                key={id}
                isOn={choice.placeIds.includes(id)}
                depth={depth - (filters.places[0]?.depth ?? 0)}
                note={note(conversations)}
                onChange={(isOn) => change({ placeIds: toggled(choice.placeIds, id, isOn) })}
              >
                {name}
              </MenuCheck>
            ))}
          </MenuSection>
          <MenuLine />
        </>
      ) : null}
      <MenuCheck
        isOn={choice.hasDraft}
        note={note(filters?.drafts)}
        onChange={(hasDraft) => change({ hasDraft })}
      >
        {t('list.filterDraft')}
      </MenuCheck>
      <MenuCheck
        isOn={choice.tab === 'archived'}
        note={note(filters?.archived)}
        onChange={(isOn) => change({ tab: isOn ? 'archived' : 'all' })}
      >
        {t('list.archived')}
      </MenuCheck>
      <MenuEnd
        actions={[
          { label: t('list.filterReset'), onSelect: () => chooseInList(section, noChoice) },
          {
            label: found ? t('list.filterShow', { count: found.total }) : t('list.filterShowAny'),
            isPrimary: true,
            onSelect: () => chooseInList(section, choice),
          },
        ]}
      />
    </div>
  );
}

function toggled<T>(chosen: readonly T[], value: T, isOn: boolean): readonly T[] {
  const others = chosen.filter((one) => one !== value);
  return isOn ? [...others, value] : others;
}
