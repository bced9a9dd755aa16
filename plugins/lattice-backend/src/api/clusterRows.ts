import {
  ClusterProfile,
  ClusterRow,
  ClusterSetUp,
} from '@lattice-portal/backstage-plugin-lattice-common';
import {
  CUSTOM_RESOURCE_DEFINITIONS,
  detectEngines,
} from '../clusters/detectEngines';
import { profileDifferences } from '../clusters/profileDifferences';
import { toldDefinitions } from '../clusters/ProfileReader';
import { ClusterConnection } from '../clusters/types';
import { FleetReader } from './FleetReader';

/** Every configured cluster: how good its answers are, and how it is set up where that has been read. */
export function clusterRows(
  reader: FleetReader,
  profileOf: (cluster: string) => ClusterProfile | undefined,
): ClusterRow[] {
  const connections = new Map(
    reader.clusters().map(connection => [connection.name, connection]),
  );
  return reader.results({}, ['packages', 'members']).map(result => {
    const connection = connections.get(result.cluster);
    const setUp = connection && setUpOf(connection, profileOf(connection.name));
    return { ...result, ...(setUp && { setUp }) };
  });
}

function setUpOf(
  connection: ClusterConnection,
  profile: ClusterProfile | undefined,
): ClusterSetUp | undefined {
  const read = connection.setUp;
  if (!read) {
    return undefined;
  }
  const detected = detectEngines(connection);
  const { cilium, istio, externalSecrets } = detected;
  return {
    ...read,
    definitions: toldDefinitions(connection.cache(CUSTOM_RESOURCE_DEFINITIONS)),
    engines: { cilium, istio, externalSecrets },
    differences: profile ? profileDifferences(profile, read, detected) : [],
  };
}
