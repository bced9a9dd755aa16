import type { CiliumCase, IstioCase, IstioSource } from './engineCases.ts';
import { CILIUM_KINDS, ISTIO_KINDS } from './engineCases.ts';
import type { JudgedCase, JudgedPod } from './types.ts';
import { RESERVED_ENDS } from './types.ts';

const FIRST_POD_ADDRESS = 0x0a_00_00_01;
/** Documentation addresses: what has no address of its own, but must come from somewhere. */
const RESERVED_ADDRESSES: Record<string, string> = {
  host: '192.0.2.1',
  'remote-node': '192.0.2.2',
  'kube-apiserver': '192.0.2.3',
  world: '198.51.100.1',
};

/** The names that questions may use, numbered as the judges want them. */
export class Ends {
  private readonly captured = new Map<string, number>();
  private readonly cilium = new Map<string, number>();
  private readonly sources = new Map<string, number>();
  private readonly addresses = new Map<string, string>();
  private readonly pods = new Map<string, JudgedPod>();
  private readonly sourceList: IstioSource[] = [];
  private readonly capturedPods: IstioCase['pods'] = [];
  private readonly input: JudgedCase;

  constructor(input: JudgedCase) {
    this.input = input;
    const { pods, externals = [] } = input.world;
    for (const name of RESERVED_ENDS) {
      this.addEnd(name, RESERVED_ADDRESSES[name]);
    }
    pods.forEach((pod, index) => {
      const name = `${pod.namespace}/${pod.name}`;
      const ip = formatAddress(FIRST_POD_ADDRESS + index);
      this.addEnd(name, ip);
      this.pods.set(name, pod);
      if (pod.ambient && !pod.hostNetwork) {
        this.captured.set(name, this.capturedPods.length);
        const { namespace, labels } = pod;
        this.capturedPods.push({
          namespace,
          name: pod.name,
          labels,
          serviceAccount: accountOf(pod),
          ip,
        });
      }
    });
    for (const { name, cidr } of externals) {
      this.addEnd(name, cidr.split('/')[0]);
    }
  }

  private addEnd(name: string, address: string): void {
    if (this.addresses.has(name)) {
      throw new Error(`The world has two ends of the name '${name}'`);
    }
    this.addresses.set(name, address);
  }

  capturedIndex(name: string): number | undefined {
    return this.captured.get(name);
  }

  ciliumIndex(name: string): number {
    const seen = this.pods.get(name)?.hostNetwork ? 'remote-node' : name;
    if (!this.addresses.has(seen)) {
      throw new Error(`The world has no end of the name '${name}'`);
    }
    return indexOf(this.cilium, seen);
  }

  sourceIndex(name: string, hasIdentity: boolean): number {
    const before = this.sources.size;
    const index = indexOf(this.sources, `${hasIdentity} ${name}`);
    if (index === before) {
      const pod = hasIdentity ? this.pods.get(name) : undefined;
      this.sourceList.push({
        ip: this.addresses.get(name) as string,
        ...(pod && {
          namespace: pod.namespace,
          serviceAccount: accountOf(pod),
        }),
      });
    }
    return index;
  }

  /** With the label that the API server puts on every namespace. */
  private namespaces(): CiliumCase['namespaces'] {
    return this.input.world.namespaces.map(({ name, labels }) => ({
      name,
      labels: { ...labels, 'kubernetes.io/metadata.name': name },
    }));
  }

  ciliumCase(questions: CiliumCase['questions']): CiliumCase {
    const { clusterName, pods, policies, externals } = this.input.world;
    return {
      clusterName,
      namespaces: this.namespaces(),
      pods: pods
        .filter(pod => !pod.hostNetwork)
        .map(pod => ({
          namespace: pod.namespace,
          name: pod.name,
          labels: pod.labels,
          serviceAccount: accountOf(pod),
          namedPorts: pod.namedPorts,
        })),
      externals: externals ?? [],
      policies: policies.filter(({ kind }) => CILIUM_KINDS.includes(kind)),
      ends: [...this.cilium.keys()],
      questions,
    };
  }

  istioCase(questions: IstioCase['questions']): IstioCase {
    const { trustDomain, rootNamespace, clusterName, policies } =
      this.input.world;
    return {
      trustDomain,
      rootNamespace,
      clusterName,
      namespaces: this.namespaces(),
      pods: this.capturedPods,
      policies: policies.filter(({ kind }) => ISTIO_KINDS.includes(kind)),
      sources: this.sourceList,
      questions,
    };
  }
}

/** Kubernetes gives every pod an account; `default` where it states none. */
function accountOf({ serviceAccount }: JudgedPod): string {
  return serviceAccount || 'default';
}

function indexOf(numbers: Map<string, number>, name: string): number {
  const known = numbers.get(name);
  if (known !== undefined) {
    return known;
  }
  numbers.set(name, numbers.size);
  return numbers.size - 1;
}

function formatAddress(value: number): string {
  return [24, 16, 8, 0].map(shift => (value >>> shift) & 0xff).join('.');
}
