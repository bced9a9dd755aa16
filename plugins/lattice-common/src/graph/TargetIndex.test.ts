import { formatKey } from '../api/object';
import { AgreementGraph } from './AgreementGraph';
import { aKey, aMember } from './__testUtils__/aMember';

const labels = (graph: AgreementGraph, namespace: string, pod: object) =>
  graph.candidatesFor(namespace, { ...pod }).map(formatKey);

describe('members that may select a pod', () => {
  it('are found by any label of the pod, in its namespace alone', () => {
    const graph = new AgreementGraph();
    graph.set(
      aMember('a/one', { target: { selector: { app: 'one', tier: 'x' } } }),
    );
    graph.set(aMember('a/two', { target: { selector: { tier: 'x' } } }));
    graph.set(aMember('a/all', { target: { namespace: 'a' } }));
    graph.set(aMember('b/one', { target: { selector: { app: 'one' } } }));

    expect(labels(graph, 'a', { app: 'one', tier: 'x' })).toEqual([
      'a/all',
      'a/one',
      'a/two',
    ]);
    expect(labels(graph, 'b', { app: 'one' })).toEqual(['b/one']);
    expect(labels(graph, 'a', { app: 'other' })).toEqual(['a/all']);
  });

  it('follow a change of the selector and a removal', () => {
    const graph = new AgreementGraph();
    graph.set(aMember('a/one', { target: { selector: { app: 'one' } } }));
    graph.set(aMember('a/one', { target: { selector: { app: 'new' } } }));
    expect(labels(graph, 'a', { app: 'one' })).toEqual([]);
    expect(labels(graph, 'a', { app: 'new' })).toEqual(['a/one']);
    graph.remove(aKey('a/one'));
    expect(labels(graph, 'a', { app: 'new' })).toEqual([]);
  });
});
