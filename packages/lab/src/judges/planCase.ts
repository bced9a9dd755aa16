import type { JudgedCase, JudgedPod, JudgedPolicy, Question } from './types.ts';
import { RESERVED_ENDS } from './types.ts';

/** Port on which ambient pods receive what the mesh carries. */
export const HBONE_PORT = 15008;

const CILIUM_KINDS = [
  'CiliumNetworkPolicy',
  'CiliumClusterwideNetworkPolicy',
  'NetworkPolicy',
];
const ISTIO_KINDS = ['AuthorizationPolicy', 'PeerAuthentication'];
const FIRST_POD_ADDRESS = 0x0a_00_00_01;
/** Documentation addresses: what has no address of its own, but must come from somewhere. */
const RESERVED_ADDRESSES: Record<string, string> = {
  host: '192.0.2.1',
  'remote-node': '192.0.2.2',
  'kube-apiserver': '192.0.2.3',
  world: '198.51.100.1',
};

/** One line for the judge of Cilium; see `judges/cilium/case.go`. */
export type CiliumCase = {
  clusterName: string;
  namespaces: { name: string; labels: Record<string, string> }[];
  pods: Pick<
    JudgedPod,
    'namespace' | 'name' | 'labels' | 'serviceAccount' | 'namedPorts'
  >[];
  externals: { name: string; cidr: string; fqdn?: string }[];
  policies: JudgedPolicy[];
  ends: string[];
  questions: [from: number, to: number, port: number, protocol: string][];
};

/** Where captured traffic comes from: an address, and who it is when the mesh carries it. */
export type IstioSource = {
  ip: string;
  namespace?: string;
  serviceAccount?: string;
};

/** One line for the judge of Istio; see `judges/istio/case.go`. */
export type IstioCase = {
  trustDomain: string;
  rootNamespace: string;
  clusterName: string;
  namespaces: { name: string; labels: Record<string, string> }[];
  /** Captured pods only. */
  pods: (Pick<JudgedPod, 'namespace' | 'name' | 'labels' | 'serviceAccount'> & {
    ip: string;
  })[];
  policies: JudgedPolicy[];
  sources: IstioSource[];
  questions: [to: number, source: number, port: number][];
};

/** How one question is put to the engines. */
export type PlannedQuestion = {
  carriedBy: 'plain' | 'hbone';
  /** Index into the questions of the Istio case; absent when nothing is captured at the callee. */
  istioQuestion?: number;
};

/** A case split into what each engine is asked. */
export type PlannedCase = {
  cilium: CiliumCase;
  istio: IstioCase;
  questions: PlannedQuestion[];
};

/**
 * Splits a case: TCP between two ambient pods is carried by HBONE and judged by Cilium on its port and by ztunnel with
 * the caller's identity; everything else is plain, and ztunnel sees it, without an identity, where the callee is ambient.
 */
export function planCase({ world, questions }: JudgedCase): PlannedCase {
  assertDistinctObjects(world.policies);
  const ends = new Ends({ world, questions });
  const istioQuestions: IstioCase['questions'] = [];
  const ciliumQuestions: CiliumCase['questions'] = [];
  const planned = questions.map((question): PlannedQuestion => {
    const isTcp = question.protocol === 'TCP';
    const callee = isTcp ? ends.capturedIndex(question.to) : undefined;
    const caller =
      callee === undefined ? undefined : ends.capturedIndex(question.from);
    const carriedBy = caller === undefined ? 'plain' : 'hbone';
    ciliumQuestions.push([
      ends.ciliumIndex(question.from),
      ends.ciliumIndex(question.to),
      carriedBy === 'hbone' ? HBONE_PORT : question.port,
      question.protocol,
    ]);
    if (callee === undefined) {
      return { carriedBy };
    }
    const source = ends.sourceIndex(question.from, carriedBy === 'hbone');
    istioQuestions.push([callee, source, question.port]);
    return { carriedBy, istioQuestion: istioQuestions.length - 1 };
  });
  return {
    questions: planned,
    cilium: ends.ciliumCase(ciliumQuestions),
    istio: ends.istioCase(istioQuestions),
  };
}

/** The names that questions may use, numbered as the judges want them. */
class Ends {
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
        const { namespace, labels, serviceAccount } = pod;
        this.capturedPods.push({
          namespace,
          name: pod.name,
          labels,
          serviceAccount,
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
          serviceAccount: pod.serviceAccount,
        }),
      });
    }
    return index;
  }

  ciliumCase(questions: CiliumCase['questions']): CiliumCase {
    const { clusterName, namespaces, pods, policies, externals } =
      this.input.world;
    return {
      clusterName,
      namespaces,
      pods: pods
        .filter(pod => !pod.hostNetwork)
        .map(({ namespace, name, labels, serviceAccount, namedPorts }) => ({
          namespace,
          name,
          labels,
          serviceAccount,
          namedPorts,
        })),
      externals: externals ?? [],
      policies: policies.filter(({ kind }) => CILIUM_KINDS.includes(kind)),
      ends: [...this.cilium.keys()],
      questions,
    };
  }

  istioCase(questions: IstioCase['questions']): IstioCase {
    const { trustDomain, rootNamespace, clusterName, namespaces, policies } =
      this.input.world;
    return {
      trustDomain,
      rootNamespace,
      clusterName,
      namespaces,
      pods: this.capturedPods,
      policies: policies.filter(({ kind }) => ISTIO_KINDS.includes(kind)),
      sources: this.sourceList,
      questions,
    };
  }
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

/** A cluster cannot hold two objects of one name, and what no engine reads would be passed over in silence. */
function assertDistinctObjects(policies: JudgedPolicy[]): void {
  const seen = new Set<string>();
  for (const { kind, metadata } of policies) {
    const key = `${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
    if (![...CILIUM_KINDS, ...ISTIO_KINDS].includes(kind)) {
      throw new Error(`No judge reads objects of kind ${kind}`);
    }
    if (seen.has(key)) {
      throw new Error(`The world has ${key} twice`);
    }
    seen.add(key);
  }
}
