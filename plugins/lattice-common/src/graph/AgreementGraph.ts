import { LatticeMember } from '../api/memberModel';
import { formatKey, ObjectKey } from '../api/object';
import { allowedCallers, NO_DECLARATIONS, wantedCallees } from './declarations';
import { byId, Declared, GraphNode, NamedPair } from './GraphNode';
import { isSameDeclaration } from './isSameDeclaration';
import { isNamedPair, isWildPair, renewPairs } from './namedPairs';
import { orderEdges, pageOf } from './orderEdges';
import { TargetIndex } from './TargetIndex';
import { AgreementEdge, EdgeCounts, EdgePage, GraphChange } from './types';
import { WildcardIndex } from './WildcardIndex';

const NOBODY: readonly GraphNode[] = [];

/**
 * Who has declared what about whom, and which of it is agreed by both sides.
 *
 * Pairs that somebody names are kept on both ends, sorted, so that reading them searches nothing; pairs of two
 * wildcards are read off an index that holds them alone, because they may be far more than the declarations.
 *
 * Incremental: a change costs the degree of the member that changed, not the size of the fleet. What it answers
 * depends on the declarations alone, never on the order in which they came.
 */
export class AgreementGraph {
  readonly #nodes = new Map<string, GraphNode>();
  readonly #wanting = new WildcardIndex();
  readonly #allowing = new WildcardIndex();
  readonly #targets = new TargetIndex();

  /**
   * Takes one change in.
   *
   * @returns every key whose policies or status may change by it: its own first, then old and new neighbours that
   * exist, wherever they live. Nobody else's can.
   */
  apply(change: GraphChange): ObjectKey[] {
    return 'set' in change
      ? this.set(change.set)
      : this.remove(change.remove, change.kind);
  }

  /** Takes a new or changed declaration in; {@link apply} says what is returned. */
  set(member: LatticeMember): ObjectKey[] {
    const node = this.#nodeAt(member.metadata);
    return this.#redeclare(node, { ...node.declared, [member.kind]: member });
  }

  /**
   * Forgets what a key has declared; with `kind`, only that kind's declaration, so that the other one takes over.
   * {@link apply} says what is returned.
   */
  remove(key: ObjectKey, kind?: LatticeMember['kind']): ObjectKey[] {
    const node = this.#find(key);
    if (!node?.member) return [];
    const declared = { ...node.declared };
    if (kind) delete declared[kind];
    return this.#redeclare(node, kind ? declared : {});
  }

  /** The declaration that counts for a key. */
  get(key: ObjectKey): LatticeMember | undefined {
    return this.#find(key)?.member;
  }

  /** Every key with a declaration, sorted. */
  keys(): ObjectKey[] {
    return keysOf(this.#nodes.values());
  }

  /** Keys whose target may be a pod of this namespace with these labels, sorted; the selector is for the caller to check. */
  candidatesFor(
    namespace: string,
    labels: Readonly<Record<string, string>>,
  ): ObjectKey[] {
    return this.#keysAt(this.#targets.candidates(namespace, labels));
  }

  /** Keys whose pods run as this account, sorted. */
  sharingAccount(namespace: string, serviceAccount: string): ObjectKey[] {
    return this.#keysAt(this.#targets.sharing(namespace, serviceAccount));
  }

  /**
   * Every pair that this key takes part in, agreed or half, sorted by caller, then callee; with a page, only that
   * part of them.
   */
  edgesOf(key: ObjectKey, page?: EdgePage): AgreementEdge[] {
    const node = this.#find(key);
    if (!node) return [];
    const edges = orderEdges(
      node,
      this.#wildCallees(node),
      this.#wildCallers(node),
    );
    return page ? pageOf(edges, page) : edges;
  }

  /** The pairs that only one side has named, in the order of {@link edgesOf}. Wildcards do not make them more. */
  halvesOf(key: ObjectKey): AgreementEdge[] {
    const node = this.#find(key);
    if (!node) return [];
    return orderEdges(node, NOBODY, NOBODY).filter(
      ({ state }) => state !== 'agreed',
    );
  }

  /** How many pairs this key takes part in. Wildcards are counted, not gone through. */
  countEdges(key: ObjectKey): EdgeCounts {
    const counts = { agreed: 0, halfCaller: 0, halfCallee: 0 };
    const node = this.#find(key);
    if (!node) return counts;
    const { namespace } = node.key;
    // Both indexes hold the key itself when it means everybody in its own namespace.
    const own = isWildPair(node, node) ? 2 : 0;
    counts.agreed =
      this.#allowing.count(namespace, node.wants.bounds) +
      this.#wanting.count(namespace, node.allows.bounds) -
      own;
    for (const pairs of [node.callees, node.callers])
      for (const { caller, callee, edge } of pairs)
        if (!isWildPair(caller, callee)) counts[edge.state] += 1;
    return counts;
  }

  /** Declarations that a key has agreed to call, sorted by key. */
  agreedCallees(key: ObjectKey): LatticeMember[] {
    const node = this.#find(key);
    return node
      ? agreedEnds(node.callees, 'callee', this.#wildCallees(node))
      : [];
  }

  /** Declarations that a key has agreed to be called by, sorted by key. */
  agreedCallers(key: ObjectKey): LatticeMember[] {
    const node = this.#find(key);
    return node
      ? agreedEnds(node.callers, 'caller', this.#wildCallers(node))
      : [];
  }

  /** Existing keys that share an agreed or half pair with this one, sorted. */
  neighboursOf(key: ObjectKey): ObjectKey[] {
    const node = this.#find(key);
    const neighbours = new Set<GraphNode>();
    if (node) this.#noteNeighbours(node, neighbours);
    return keysOf(neighbours);
  }

  #redeclare(node: GraphNode, declared: Declared): ObjectKey[] {
    const before = node.member;
    const after = declared.LatticeMeshMember ?? declared.LatticeService;
    node.declared = declared;
    node.member = after;
    if (before && after && isSameDeclaration(before, after)) return [node.key];
    const touched = new Set<GraphNode>();
    this.#noteNeighbours(node, touched);
    this.#declare(node, before, after);
    this.#noteNeighbours(node, touched);
    const hasComeOrGone = !before || !after;
    if (hasComeOrGone) node.standIns?.forEach(one => touched.add(one));
    touched.delete(node);
    const keys = [node.key];
    for (const { key, member } of touched) if (member) keys.push(key);
    return keys;
  }

  #declare(
    node: GraphNode,
    before: LatticeMember | undefined,
    after: LatticeMember | undefined,
  ): void {
    if (before) this.#targets.remove(node.id, before);
    if (after) this.#targets.add(node.id, after);
    this.#wanting.remove(node, node.wants);
    this.#allowing.remove(node, node.allows);
    const { wants, allows } = node;
    node.wants = after ? wantedCallees(after) : NO_DECLARATIONS;
    node.allows = after ? allowedCallers(after) : NO_DECLARATIONS;
    this.#wanting.add(node, node.wants);
    this.#allowing.add(node, node.allows);
    const nodeOf = (id: string) => this.#nodeOf(id);
    for (const far of renewPairs(node, 'callees', wants, nodeOf))
      this.#dropIfIdle(far);
    for (const far of renewPairs(node, 'callers', allows, nodeOf))
      this.#dropIfIdle(far);
    this.#moveStandIns(node, before, after);
    this.#dropIfIdle(node);
  }

  #moveStandIns(
    node: GraphNode,
    before: LatticeMember | undefined,
    after: LatticeMember | undefined,
  ): void {
    for (const external of before?.spec.externals ?? []) {
      const far = this.#nodeAt(external);
      far.standIns?.delete(node);
      if (far.standIns?.size === 0) far.standIns = undefined;
      this.#dropIfIdle(far);
    }
    for (const external of after?.spec.externals ?? []) {
      const far = this.#nodeAt(external);
      far.standIns = (far.standIns ?? new Set()).add(node);
    }
  }

  #noteNeighbours(node: GraphNode, into: Set<GraphNode>): void {
    for (const { callee } of node.callees) if (callee.member) into.add(callee);
    for (const { caller } of node.callers) if (caller.member) into.add(caller);
    for (const callee of this.#wildCallees(node)) into.add(callee);
    for (const caller of this.#wildCallers(node)) into.add(caller);
  }

  /** Callees that a key and they themselves mean by wildcard alone. */
  #wildCallees(node: GraphNode): readonly GraphNode[] {
    const { wants, key } = node;
    if (wants.bounds.size === 0) return NOBODY;
    return [...this.#allowing.reaching(key.namespace, wants.bounds)].filter(
      far => far !== node && !isNamedPair(node, far),
    );
  }

  #wildCallers(node: GraphNode): readonly GraphNode[] {
    const { allows, key } = node;
    if (allows.bounds.size === 0) return NOBODY;
    return [...this.#wanting.reaching(key.namespace, allows.bounds)].filter(
      far => far !== node && !isNamedPair(far, node),
    );
  }

  #find(key: ObjectKey): GraphNode | undefined {
    return this.#nodes.get(formatKey(key));
  }

  #nodeAt(key: ObjectKey): GraphNode {
    const id = formatKey(key);
    const { namespace, name } = key;
    return this.#nodes.get(id) ?? this.#create(id, { namespace, name });
  }

  #nodeOf(id: string): GraphNode {
    const slash = id.indexOf('/');
    const key = { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
    return this.#nodes.get(id) ?? this.#create(id, key);
  }

  #create(id: string, key: ObjectKey): GraphNode {
    const node = new GraphNode(id, key);
    this.#nodes.set(id, node);
    return node;
  }

  #dropIfIdle(node: GraphNode): void {
    if (node.isIdle) this.#nodes.delete(node.id);
  }

  #keysAt(ids: Iterable<string>): ObjectKey[] {
    return [...ids].sort().flatMap(id => this.#nodes.get(id)?.key ?? []);
  }
}

function keysOf(nodes: Iterable<GraphNode>): ObjectKey[] {
  return [...nodes]
    .filter(({ member }) => member)
    .sort(byId)
    .map(({ key }) => key);
}

function agreedEnds(
  pairs: readonly NamedPair[],
  far: 'caller' | 'callee',
  wild: readonly GraphNode[],
): LatticeMember[] {
  const members: LatticeMember[] = [];
  const take = ({ member }: GraphNode) => {
    if (member) members.push(member);
  };
  const agreed = pairs.filter(({ edge }) => edge.state === 'agreed');
  if (wild.length === 0) for (const pair of agreed) take(pair[far]);
  else [...agreed.map(pair => pair[far]), ...wild].sort(byId).forEach(take);
  return members;
}
