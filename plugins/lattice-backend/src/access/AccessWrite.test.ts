import { readAccessWrite } from './AccessWrite';

function read(
  path: string,
  more: Partial<Parameters<typeof readAccessWrite>[0]> = {},
) {
  return readAccessWrite({
    method: 'PATCH',
    path,
    contentType: 'application/json',
    body: Buffer.from(''),
    ...more,
  });
}

describe('readAccessWrite', () => {
  it.each<[string, object]>([
    [
      '/api/v1/namespaces/data/secrets?fieldManager=helm',
      { group: '', version: 'v1', namespace: 'data', plural: 'secrets' },
    ],
    [
      '/apis/apps/v1/namespaces/data/deployments/redis',
      {
        group: 'apps',
        namespace: 'data',
        plural: 'deployments',
        name: 'redis',
      },
    ],
    [
      '/apis/apps/v1/namespaces/data/deployments/redis/scale',
      { name: 'redis', subresource: 'scale' },
    ],
    ['/api/v1/namespaces', { plural: 'namespaces' }],
    ['/api/v1/namespaces/data', { plural: 'namespaces', name: 'data' }],
    [
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/x',
      { group: 'rbac.authorization.k8s.io', plural: 'clusterroles', name: 'x' },
    ],
    [
      '/apis/networking.k8s.io/v1/namespaces/data/%6eetworkpolicies',
      { plural: 'networkpolicies' },
    ],
  ])('takes %s apart', (path, expected) => {
    expect(read(path)).toMatchObject(expected);
  });

  it.each(['/api/v1/namespaces', '/api/v1/namespaces/data', '/api/v1/nodes/a'])(
    'sees no namespace around %s',
    path => expect(read(path).namespace).toBeUndefined(),
  );

  it.each(['/version', '/api', '/apis/apps/v1', '/'])(
    'does not take %s for a resource',
    path => expect(() => read(path)).toThrow('no path of a resource'),
  );

  it('reads the bodies that helm sends', () => {
    const patch = { spec: { replicas: 1 } };
    for (const contentType of [
      'application/json; charset=utf-8',
      'application/apply-patch+yaml',
      'application/strategic-merge-patch+json',
      'application/merge-patch+json',
    ]) {
      const body = Buffer.from(JSON.stringify(patch));
      expect(read('/api/v1/pods', { contentType, body }).body).toEqual(patch);
    }
    const body = Buffer.from('spec:\n  replicas: 1\n');
    const contentType = 'application/apply-patch+yaml';
    expect(read('/api/v1/pods', { contentType, body }).body).toEqual(patch);
  });

  it.each<[string, string, string]>([
    ['a list', 'application/json', '["hush"]'],
    ['what is no YAML', 'application/apply-patch+yaml', '{hush'],
    [
      'a key that is there twice',
      'application/apply-patch+yaml',
      'a: hush\na: 2',
    ],
    ['an alias', 'application/apply-patch+yaml', 'a: &x [hush]\nb: *x'],
  ])('refuses %s, and quotes nothing of it', (_, contentType, text) => {
    const act = () =>
      read('/api/v1/pods', { contentType, body: Buffer.from(text) });
    expect(act).toThrow();
    expect(act).not.toThrow(/hush/);
  });

  it.each<[string, object]>([
    ['protobuf', { contentType: 'application/vnd.kubernetes.protobuf' }],
    ['a JSON patch', { contentType: 'application/json-patch+json' }],
    ['a packed body', { contentEncoding: 'gzip' }],
    ['a body of no type', { contentType: '' }],
  ])('says that it does not understand %s', (_, more) => {
    const write = read('/api/v1/pods', { body: Buffer.from('{}'), ...more });
    expect(write).toMatchObject({ plural: 'pods', isOpaque: true });
    expect(write.body).toBeUndefined();
  });
});
