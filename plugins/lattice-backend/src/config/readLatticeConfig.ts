import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import {
  AdmissionRules,
  ClusterProfile,
  DEFAULT_PROFILE,
  DEFAULT_PROTECTED_NAMESPACES,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { z } from 'zod/v4';
import { ConfiguredOwner } from '../api/owners';
import { ClusterConfig } from '../clusters/ClusterConfig';
import { readLocatedClusters } from './readLocatedClusters';
import {
  KEYS_WITHOUT_EFFECT,
  latticeConfigSchema,
} from './latticeConfigSchema';

type WrittenConfig = z.output<typeof latticeConfigSchema>;
type WrittenCluster = WrittenConfig['clusters'][number];

/** One cluster as configured, with all defaults. */
export interface LatticeClusterConfig extends ClusterConfig {
  readonly actions: WrittenCluster['actions'];
  readonly latticeServices: WrittenCluster['latticeServices'];
  readonly profile: ClusterProfile;
  /** Where it was configured, for messages. */
  readonly source: string;
}

/** A Cedar policy from the configuration. */
export interface ConfiguredPolicy {
  readonly id: string;
  readonly policy: string;
}

/** Everything below `lattice:`, with all defaults. */
export interface LatticeConfig {
  readonly clusters: readonly LatticeClusterConfig[];
  readonly controllers: { readonly enabled: boolean };
  readonly helm: WrittenConfig['helm'];
  readonly charts: WrittenConfig['charts'];
  readonly secrets: WrittenConfig['secrets'];
  readonly cedar: {
    readonly namespace: string;
    readonly policies: readonly ConfiguredPolicy[];
  };
  readonly admission: AdmissionRules;
  readonly owners: readonly ConfiguredOwner[];
  /** Keys that are set but do nothing in this version. */
  readonly keysWithoutEffect: readonly string[];
}

/**
 * Reads everything below `lattice:`. Nothing configured is fine; a wrong or unknown key is not.
 *
 * @throws InputError that names every wrong key by its path, and no value.
 */
export function readLatticeConfig(config: Config): LatticeConfig {
  const written = latticeConfigSchema.safeParse(
    config.getOptional('lattice') ?? {},
  );
  if (!written.success) {
    throw new InputError(
      `The configuration of Lattice is wrong. ${written.error.issues
        .map(describeIssue)
        .join('; ')}`,
    );
  }
  const { data } = written;
  return {
    clusters: readClusters(data.clusters, readLocatedClusters(config)),
    controllers: data.controllers,
    helm: data.helm,
    charts: data.charts,
    secrets: data.secrets,
    cedar: {
      namespace: data.cedar.namespace,
      policies: data.cedar.policies.map((policy, index) =>
        typeof policy === 'string'
          ? { id: `lattice.cedar.policies[${index}]`, policy }
          : policy,
      ),
    },
    admission: {
      allowedRepositories: data.charts.allowedRepositories,
      protectedNamespaces:
        data.protectedNamespaces ?? DEFAULT_PROTECTED_NAMESPACES,
      platformObjects: data.platformObjects,
    },
    owners: data.owners,
    keysWithoutEffect: KEYS_WITHOUT_EFFECT.filter(
      key => data[key] !== undefined,
    ).map(key => `lattice.${key}`),
  };
}

/** The clusters of `lattice.clusters`, else those of the app's Kubernetes plugin, which are only observed. */
function readClusters(
  written: readonly WrittenCluster[],
  located: readonly ClusterConfig[],
): LatticeClusterConfig[] {
  if (written.length === 0) {
    return located.map(cluster => ({
      ...cluster,
      actions: 'disabled',
      latticeServices: 'foreign',
      profile: DEFAULT_PROFILE,
      source: cluster.source ?? 'kubernetes.clusterLocatorMethods',
    }));
  }
  return written.map((cluster, index) => readCluster(cluster, index, located));
}

function readCluster(
  written: WrittenCluster,
  index: number,
  located: readonly ClusterConfig[],
): LatticeClusterConfig {
  const { profile = {}, url, caData, caFile, ...rest } = written;
  const source = `lattice.clusters[${index}]`;
  return {
    ...rest,
    ...placeOf(written, source, located),
    source,
    profile: {
      ...DEFAULT_PROFILE,
      ...profile,
      engines: { ...DEFAULT_PROFILE.engines, ...profile.engines },
      dns: { ...DEFAULT_PROFILE.dns, ...profile.dns },
    },
  };
}

/** Where a cluster is. One that does not say so is the cluster of that name of the app's Kubernetes plugin. */
function placeOf(
  { name, kubeconfig, inCluster, url, caData, caFile, auth }: WrittenCluster,
  source: string,
  located: readonly ClusterConfig[],
): Pick<ClusterConfig, 'endpoint' | 'inCluster' | 'problem'> {
  if (url !== undefined) {
    return { endpoint: { url, caData, caFile } };
  }
  if (kubeconfig !== undefined || inCluster) {
    return {};
  }
  const found = located.find(cluster => cluster.name === name);
  if (!found) {
    throw new InputError(
      `The configuration of Lattice is wrong. ${source}: set kubeconfig (a path), inCluster: true or url; kubernetes.clusterLocatorMethods has no cluster "${name}" to take them from`,
    );
  }
  const { endpoint, inCluster: isLocatedInside, problem } = found;
  return {
    endpoint,
    inCluster: isLocatedInside,
    // Its own credential takes the place of the one that cannot be used here.
    problem: auth?.read && endpoint ? undefined : problem,
  };
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const at = formatPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => `${at}.${key}: unknown key`).join('; ');
  }
  return `${at}: ${issue.message}`;
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : `${text}.${String(part)}`,
    'lattice',
  );
}
