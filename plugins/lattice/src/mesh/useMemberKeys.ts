import { useEntity } from '@backstage/plugin-catalog-react';
import { MESH_ANNOTATIONS } from '../entity/availability';
import { ParsedFleetKeys, parseFleetKeys } from '../entity/parseFleetKeys';

/** Members and services that the entity's annotations name. */
export function useMemberKeys(): ParsedFleetKeys {
  const { entity } = useEntity();
  const text = MESH_ANNOTATIONS.map(
    annotation => entity.metadata.annotations?.[annotation] ?? '',
  ).join(',');
  return parseFleetKeys(text);
}
