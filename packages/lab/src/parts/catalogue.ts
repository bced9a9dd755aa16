import type { Part, PartName, Program } from './types.ts';

const KWOK = 'sigs.k8s.io/kwok';
const EXTERNAL_SECRETS = 'github.com/external-secrets/external-secrets';
const CILIUM = 'github.com/cilium/cilium';
const GITEA = 'code.gitea.io/gitea';

/** A judge, and its own tests beside it. */
function judgePrograms(engine: string): Program[] {
  return [
    { name: `${engine}-judge`, package: '.' },
    { name: `${engine}-judge-tests`, package: '.', isTest: true },
  ];
}

/** Every part of the lab, in the order in which `make start` needs them: the forge last. */
export const PARTS: readonly Part[] = [
  {
    name: 'sources',
    tool: 'sources',
    programs: [],
    files: [
      {
        module: EXTERNAL_SECRETS,
        from: 'deploy/crds/bundle.yaml',
        to: 'crds/external-secrets.yaml',
      },
      {
        module: EXTERNAL_SECRETS,
        from: 'deploy/charts/external-secrets',
        to: 'charts/external-secrets',
      },
      {
        module: CILIUM,
        from: 'pkg/k8s/apis/cilium.io/client/crds/v2',
        to: 'crds/cilium',
      },
      {
        module: 'istio.io/api',
        from: 'kubernetes/customresourcedefinitions.gen.yaml',
        to: 'crds/istio.yaml',
      },
      {
        module: 'github.com/stefanprodan/podinfo',
        from: 'charts/podinfo',
        to: 'charts/podinfo',
      },
      { module: KWOK, from: 'charts/kwok', to: 'charts/kwok' },
      { module: KWOK, from: 'kustomize/stage', to: 'stages' },
    ],
  },
  {
    name: 'etcd',
    tool: 'etcd',
    module: 'go.etcd.io/etcd/server/v3',
    programs: [{ name: 'etcd', package: 'go.etcd.io/etcd/server/v3' }],
    system: { versionArguments: ['--version'], from: [3, 5], before: [4, 0] },
  },
  {
    name: 'kubernetes',
    tool: 'kubernetes',
    module: 'k8s.io/kubernetes',
    programs: [
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kubectl',
    ].map(name => ({ name, package: `k8s.io/kubernetes/cmd/${name}` })),
    linkerVariables: [
      'k8s.io/component-base/version.gitVersion={version}',
      'k8s.io/component-base/version.gitMajor={major}',
      'k8s.io/component-base/version.gitMinor={minor}',
    ],
    system: { versionArguments: ['--version'], from: [1, 33], before: [1, 38] },
  },
  {
    name: 'kwok',
    tool: 'kwok',
    module: KWOK,
    programs: [{ name: 'kwok', package: 'sigs.k8s.io/kwok/cmd/kwok' }],
    system: { versionArguments: ['--version'], from: [0, 7], before: [1, 0] },
  },
  {
    name: 'helm4',
    tool: 'helm4',
    module: 'helm.sh/helm/v4',
    programs: [{ name: 'helm', package: 'helm.sh/helm/v4/cmd/helm' }],
    linkerVariables: ['helm.sh/helm/v4/internal/version.version={version}'],
    system: {
      versionArguments: ['version', '--short'],
      from: [4, 3],
      before: [5, 0],
    },
  },
  {
    name: 'registry',
    tool: 'registry',
    module: 'github.com/distribution/distribution/v3',
    programs: [
      {
        name: 'registry',
        package: 'github.com/distribution/distribution/v3/cmd/registry',
      },
    ],
    system: { versionArguments: ['--version'], from: [3, 0], before: [4, 0] },
  },
  {
    name: 'gitea',
    tool: 'gitea',
    module: GITEA,
    programs: [{ name: 'gitea', package: GITEA }],
    linkerVariables: ['main.Version={bareVersion}'],
    tags: ['sqlite', 'sqlite_unlock_notify'],
    cgo: true,
    files: ['options', 'templates', 'public'].map(folder => ({
      module: GITEA,
      from: folder,
      to: folder,
    })),
  },
  {
    name: 'helm3',
    tool: 'helm3',
    module: 'helm.sh/helm/v3',
    programs: [{ name: 'helm', package: 'helm.sh/helm/v3/cmd/helm' }],
    linkerVariables: ['helm.sh/helm/v3/internal/version.version={version}'],
    system: {
      versionArguments: ['version', '--short'],
      from: [3, 21],
      before: [4, 0],
    },
  },
  {
    name: 'external-secrets',
    tool: 'external-secrets',
    module: EXTERNAL_SECRETS,
    programs: [{ name: 'external-secrets', package: EXTERNAL_SECRETS }],
  },
  {
    name: 'cilium-judge',
    tool: '../judges/cilium',
    hasOwnSource: true,
    module: CILIUM,
    programs: judgePrograms('cilium'),
  },
  {
    name: 'istio-judge',
    tool: '../judges/istio',
    hasOwnSource: true,
    module: 'istio.io/istio',
    programs: judgePrograms('istio'),
  },
];

/** The parts that a full lab runs, in build order. */
export const DEFAULT_PARTS: readonly PartName[] = [
  'sources',
  'etcd',
  'kubernetes',
  'kwok',
  'helm4',
  'registry',
  'gitea',
];

/** The parts that answer for a policy engine; only the judged tests need them. */
export const JUDGE_PARTS: readonly PartName[] = ['cilium-judge', 'istio-judge'];

/** The definition of a part; throws when there is none of that name. */
export function findPart(name: string): Part {
  const part = PARTS.find(candidate => candidate.name === name);
  if (!part) {
    throw new Error(
      `There is no part '${name}'; the lab knows ${PARTS.map(
        known => known.name,
      ).join(', ')}`,
    );
  }
  return part;
}
