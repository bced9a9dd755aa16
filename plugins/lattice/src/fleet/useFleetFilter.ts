import { FleetKey } from '@lattice-portal/backstage-plugin-lattice-common';
import { useSearchParams } from 'react-router-dom';

/** What the list is narrowed to; lives in the URL, so that a view can be shared. */
export interface FleetFilter {
  readonly text: string;
  readonly cluster: string;
}

/** Rows whose cluster is the chosen one and whose texts hold every word of the filter. */
export function filterFleet<T extends FleetKey>(
  rows: readonly T[],
  filter: FleetFilter,
  textsOf: (row: T) => readonly (string | undefined)[],
): T[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(row => {
    if (filter.cluster !== '' && row.cluster !== filter.cluster) return false;
    const text = textsOf(row).join(' ').toLowerCase();
    return words.every(word => text.includes(word));
  });
}

/** The filter of the URL and how to change it. */
export function useFleetFilter() {
  const [search, setSearch] = useSearchParams();
  const filter: FleetFilter = {
    text: search.get('filter') ?? '',
    cluster: search.get('cluster') ?? '',
  };
  const change = (next: Partial<FleetFilter>) => {
    setSearch(
      current => {
        const changed = new URLSearchParams(current);
        const { cluster, text } = { ...filter, ...next };
        changed.delete('filter');
        changed.delete('cluster');
        if (text) changed.set('filter', text);
        if (cluster) changed.set('cluster', cluster);
        return changed;
      },
      { replace: true },
    );
  };
  return { filter, change };
}
