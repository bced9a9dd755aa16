import { ClusterProfile } from '@lattice-portal/backstage-plugin-lattice-common';
import { DetectedEngines } from './detectEngines';
import { ReadProfile } from './readProfile';

/**
 * Where the configured profile and the cluster disagree, for people. What is configured holds: a guess of ours must
 * not open anything.
 */
export function profileDifferences(
  profile: ClusterProfile,
  read: ReadProfile,
  engines: DetectedEngines,
): string[] {
  return [
    ...namedDifferently('trustDomain', profile.trustDomain, read.trustDomain),
    ...namedDifferently(
      'rootNamespace',
      profile.rootNamespace,
      read.rootNamespace,
    ),
    ...namedDifferently('clusterName', profile.clusterName, read.clusterName),
    ...(engines.isComplete ? engineDifferences(profile, engines) : []),
    ...(profile.engines.cilium ? enforcementProblems(read) : []),
  ];
}

function namedDifferently(
  setting: string,
  configured: string,
  found: string | undefined,
): string[] {
  return found === undefined || found === configured
    ? []
    : [
        `profile.${setting} is ${configured}, the cluster says ${found}: policies name what the profile says`,
      ];
}

function engineDifferences(
  { engines }: ClusterProfile,
  detected: DetectedEngines,
): string[] {
  return (['cilium', 'istio'] as const).flatMap(engine => {
    if (engines[engine] === detected[engine]) {
      return [];
    }
    return engines[engine]
      ? [`profile.engines.${engine} is true, but its kinds are not served`]
      : [
          `${engine} is installed, but profile.engines.${engine} is false: no policies are made for it`,
        ];
  });
}

function enforcementProblems(read: ReadProfile): string[] {
  return [
    ...(read.isPolicyAudited
      ? ['Cilium is in audit mode: it lets everything pass and only reports']
      : []),
    ...(read.policyEnforcement === 'never'
      ? ['Cilium enforces no policies: enable-policy is never']
      : []),
  ];
}
