import { LatticeMember } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import {
  allowedCallers,
  coversNamespace,
  Declarations,
  NO_DECLARATIONS,
  wantedCallees,
} from './declarations';
import { DeclarationIndex } from './DeclarationIndex';
import { TargetIndex } from './TargetIndex';
import { AgreementEdge, AgreementState } from './types';

interface Node {
  readonly key: ObjectKey;
  readonly declared: Partial<Record<LatticeMember['kind'], LatticeMember>>;
  /** The declaration that counts: the member's while it exists, else the service's. */
  readonly effective: LatticeMember;
  readonly wants: Declarations;
  readonly allows: Declarations;
}

/**
 * Who has declared what about whom, and which of it is agreed by both sides.
 *
 * Incremental: a change costs the degree of the member that changed, not the size of the fleet. What it answers
 * depends on the declarations alone, never on the order in which they came.
 */
export class AgreementGraph {
  readonly #nodes = new Map<string, Node>();
  readonly #wanting = new DeclarationIndex();
  readonly #allowing = new DeclarationIndex();
  readonly #targets = new TargetIndex();

  /**
   * Takes a new or changed declaration in.
   *
   * @returns every existing key whose policies may change: its own first, then old and new neighbours
   */
  set(member: LatticeMember): ObjectKey[] {
    const { namespace, name } = member.metadata;
    const declared = {
      ...this.#nodes.get(formatKey({ namespace, name }))?.declared,
      [member.kind]: member,
    };
    return this.#replace({ namespace, name }, declared);
  }

  /**
   * Forgets what a key has declared; with `kind`, only that kind's declaration, so that the other one takes over.
   *
   * @returns every existing key whose policies may change: its own first, then old and new neighbours
   */
  remove(key: ObjectKey, kind?: LatticeMember['kind']): ObjectKey[] {
    const node = this.#nodes.get(formatKey(key));
    if (!node) return [];
    const declared = { ...node.declared };
    if (kind) delete declared[kind];
    return this.#replace(node.key, kind ? declared : {});
  }

  /** The declaration that counts for a key. */
  get(key: ObjectKey): LatticeMember | undefined {
    return this.#nodes.get(formatKey(key))?.effective;
  }

  /** Every key with a declaration, sorted. */
  keys(): ObjectKey[] {
    return [...this.#nodes.keys()].sort().map(id => this.#nodes.get(id)!.key);
  }

  /** Keys whose target may be a pod of this namespace with these labels, sorted; the selector is for the caller to check. */
  candidatesFor(
    namespace: string,
    labels: Readonly<Record<string, string>>,
  ): ObjectKey[] {
    return [...this.#targets.candidates(namespace, labels)]
      .sort()
      .flatMap(id => this.#nodes.get(id)?.key ?? []);
  }

  /** Every pair that this key takes part in, agreed or half, sorted by caller, then callee. */
  edgesOf(key: ObjectKey): AgreementEdge[] {
    const id = formatKey(key);
    const edges = new Map<string, AgreementEdge>();
    for (const callee of this.#possibleCallees(id, key.namespace))
      this.#collect(edges, id, callee);
    for (const caller of this.#possibleCallers(id, key.namespace))
      this.#collect(edges, caller, id);
    return [...edges.keys()].sort().map(pair => edges.get(pair)!);
  }

  /** Existing keys that share an agreed or half pair with this one, sorted. */
  neighboursOf(key: ObjectKey): ObjectKey[] {
    const id = formatKey(key);
    const neighbours = new Set<string>();
    for (const { caller, callee } of this.edgesOf(key)) {
      neighbours.add(formatKey(caller));
      neighbours.add(formatKey(callee));
    }
    neighbours.delete(id);
    return [...neighbours]
      .sort()
      .flatMap(neighbour => this.#nodes.get(neighbour)?.key ?? []);
  }

  #replace(key: ObjectKey, declared: Node['declared']): ObjectKey[] {
    const id = formatKey(key);
    const before = this.#nodes.get(id);
    const effective = declared.LatticeMeshMember ?? declared.LatticeService;
    if (before && effective && isSameDeclaration(before.effective, effective)) {
      this.#nodes.set(id, { ...before, declared, effective });
      return [key];
    }
    const touched = new Map<string, ObjectKey>([[id, key]]);
    const note = () => {
      for (const near of this.neighboursOf(key))
        touched.set(formatKey(near), near);
    };
    note();
    if (before) this.#drop(id, before);
    if (effective) this.#insert(id, { key, declared, effective });
    note();
    return [...touched.values()];
  }

  #insert(id: string, node: Pick<Node, 'key' | 'declared' | 'effective'>) {
    const wants = wantedCallees(node.effective);
    const allows = allowedCallers(node.effective);
    this.#nodes.set(id, { ...node, wants, allows });
    this.#wanting.add(id, wants);
    this.#allowing.add(id, allows);
    this.#targets.add(node.effective);
  }

  #drop(id: string, node: Node) {
    this.#nodes.delete(id);
    this.#wanting.remove(id, node.wants);
    this.#allowing.remove(id, node.allows);
    this.#targets.remove(id);
  }

  /** Named by the caller, naming the caller, or both by wildcard: nothing else can be an edge. */
  *#possibleCallees(id: string, namespace: string): Iterable<string> {
    const wants = this.#nodes.get(id)?.wants ?? NO_DECLARATIONS;
    yield* wants.names;
    yield* this.#allowing.owners(id);
    if (wants.bounds.size > 0) yield* this.#allowing.wildcardOwners(namespace);
  }

  *#possibleCallers(id: string, namespace: string): Iterable<string> {
    const allows = this.#nodes.get(id)?.allows ?? NO_DECLARATIONS;
    yield* allows.names;
    yield* this.#wanting.owners(id);
    if (allows.bounds.size > 0) yield* this.#wanting.wildcardOwners(namespace);
  }

  #collect(edges: Map<string, AgreementEdge>, caller: string, callee: string) {
    const pair = `${caller} ${callee}`;
    if (caller === callee || edges.has(pair)) return;
    const state = this.#stateOf(caller, callee);
    if (!state) return;
    edges.set(pair, {
      caller: this.#nodes.get(caller)?.key ?? parseId(caller),
      callee: this.#nodes.get(callee)?.key ?? parseId(callee),
      state,
    });
  }

  #stateOf(caller: string, callee: string): AgreementState | undefined {
    const wants = this.#nodes.get(caller)?.wants ?? NO_DECLARATIONS;
    const allows = this.#nodes.get(callee)?.allows ?? NO_DECLARATIONS;
    const named = wants.names.has(callee);
    const offered = allows.names.has(caller);
    const wanted = named || coversNamespace(wants, parseId(callee).namespace);
    const allowed =
      offered || coversNamespace(allows, parseId(caller).namespace);
    if (wanted && allowed) return 'agreed';
    // A wildcard alone names nobody, so nothing is missing from the other side.
    if (named) return 'halfCaller';
    return offered ? 'halfCallee' : undefined;
  }
}

function parseId(id: string): ObjectKey {
  const slash = id.indexOf('/');
  return { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** Whether policies compiled from either would be equal. Status and resourceVersion do not count. */
function isSameDeclaration(a: LatticeMember, b: LatticeMember): boolean {
  return (
    a.kind === b.kind &&
    a.metadata.uid === b.metadata.uid &&
    JSON.stringify(a.spec) === JSON.stringify(b.spec)
  );
}
