// Small pieces that the schemas of the HTTP API are made of.

export const text = { type: 'string' } as const;
export const flag = { type: 'boolean' } as const;
export const count = { type: 'integer' } as const;
export const time = { type: 'string', format: 'date-time' } as const;

export const ref = <Name extends string>(name: Name) =>
  ({ $ref: `#/components/schemas/${name}` } as const);

export const listOf = <Item extends object>(items: Item) =>
  ({ type: 'array', items } as const);

export const fleetKey = {
  cluster: text,
  namespace: text,
  name: text,
} as const;

export const object = <
  const Properties extends object,
  const Required extends readonly (keyof Properties & string)[],
>(
  description: string,
  properties: Properties,
  required: Required,
) => ({ type: 'object', description, properties, required } as const);

export const listAnswer = <Name extends string>(name: Name) =>
  object(
    'The objects that the caller may see, and how good each cluster’s part of the answer is.',
    {
      items: listOf(ref(name)),
      clusters: listOf(ref('ClusterResult')),
      note: text,
    },
    ['items', 'clusters'],
  );

export const detailAnswer = <Name extends string>(name: Name) =>
  object(
    'One object, and how good its cluster’s answer is.',
    { item: ref(name), cluster: ref('ClusterResult') },
    ['item', 'cluster'],
  );
