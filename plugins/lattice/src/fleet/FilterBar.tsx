import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Flex, SearchField, Text } from '@backstage/ui';
import { ClusterResult } from '@lattice-portal/backstage-plugin-lattice-common';
import { latticeTranslationRef } from '../translation';
import { FleetFilter } from './useFleetFilter';
import styles from './FilterBar.module.css';

/** Props of {@link FilterBar}. */
export interface FilterBarProps {
  readonly filter: FleetFilter;
  readonly clusters: readonly ClusterResult[];
  readonly shown: number;
  readonly total: number;
  onChange(next: Partial<FleetFilter>): void;
}

/** Narrows the list; says how much of it is shown. */
export function FilterBar(props: FilterBarProps) {
  const { t } = useTranslationRef(latticeTranslationRef);
  const { clusters, filter, onChange, shown, total } = props;
  return (
    <Flex align="center" gap="3">
      <SearchField
        className={styles.search}
        aria-label={t('fleet.filter')}
        placeholder={t('fleet.filter')}
        value={filter.text}
        onChange={text => onChange({ text })}
      />
      {clusters.length > 1 && (
        <select
          className={styles.clusters}
          aria-label={t('fleet.cluster')}
          value={filter.cluster}
          onChange={event => onChange({ cluster: event.target.value })}
        >
          <option value="">{t('fleet.allClusters')}</option>
          {clusters.map(({ cluster }) => (
            <option key={cluster}>{cluster}</option>
          ))}
        </select>
      )}
      <Text color="secondary" role="status">
        {t('fleet.shown', { shown: String(shown), total: String(total) })}
      </Text>
    </Flex>
  );
}
