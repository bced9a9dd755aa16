import { ownerOf } from './owners';
import { aNamespace } from './testing/objects';

const CONFIGURED = [
  { namespace: 'data', owner: 'group:default/everywhere' },
  { cluster: 'lab', namespace: 'data', owner: 'group:default/never-reached' },
  { cluster: 'far', namespace: 'commerce', owner: 'platform' },
];

function owner(
  annotation: string | undefined,
  namespace = 'data',
  cluster = 'lab',
) {
  return ownerOf({
    cluster,
    namespace,
    namespaceObject: aNamespace(namespace, annotation),
    configured: CONFIGURED,
  });
}

describe('ownerOf', () => {
  it('believes the namespace first', () => {
    expect(owner('group:default/data')).toBe('group:default/data');
  });

  it('completes a short name to a group', () => {
    expect(owner('Data')).toBe('group:default/data');
  });

  it('falls back to the configuration, for the cluster it names', () => {
    expect(owner(undefined)).toBe('group:default/everywhere');
    expect(owner(undefined, 'commerce', 'far')).toBe('group:default/platform');
    expect(owner(undefined, 'commerce')).toBeUndefined();
  });

  it('takes a broken annotation for no owner, not for the configured one', () => {
    expect(owner('::')).toBeUndefined();
  });
});
