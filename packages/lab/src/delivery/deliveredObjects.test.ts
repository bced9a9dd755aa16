import { DELIVERED_LABEL, deliveredObjects } from './deliveredObjects';

const config = (name: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: data}\n`;

describe('deliveredObjects', () => {
  it('takes the YAML of its own cluster alone and marks every object', () => {
    const { objects, problems } = deliveredObjects(
      [
        { path: 'clusters/lab/data/a.yaml', text: config('a') },
        { path: 'clusters/other/data/b.yaml', text: config('b') },
        { path: 'clusters/lab/README.md', text: 'kind: Secret' },
        { path: 'elsewhere/c.yaml', text: config('c') },
      ],
      'lab',
    );
    expect(problems).toEqual([]);
    expect(objects).toEqual([
      expect.objectContaining({
        metadata: {
          name: 'a',
          namespace: 'data',
          labels: { [DELIVERED_LABEL]: 'lab' },
        },
      }),
    ]);
  });

  it('puts namespaces before what lies in them', () => {
    const { objects } = deliveredObjects(
      [
        {
          path: 'clusters/lab/all.yaml',
          text: `${config(
            'a',
          )}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: data}\n`,
        },
      ],
      'lab',
    );
    expect(objects.map(({ kind }) => kind)).toEqual(['Namespace', 'ConfigMap']);
  });

  it('names the file that cannot be read and keeps the others', () => {
    const { objects, problems } = deliveredObjects(
      [
        { path: 'clusters/lab/broken.yaml', text: 'a: [' },
        { path: 'clusters/lab/nameless.yaml', text: 'kind: ConfigMap' },
        { path: 'clusters/lab/good.yaml', text: config('good') },
      ],
      'lab',
    );
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['good']);
    expect(problems).toEqual([
      expect.stringContaining('clusters/lab/broken.yaml'),
      expect.stringContaining('clusters/lab/nameless.yaml'),
    ]);
  });
});
