import { z } from 'zod/v4';
import { DNS_NAME, OUTSIDE_ENTITIES, PORT_NAME } from './patterns';
import { anyObject, named, references, text } from './structural';

export const portNumber = z.int().min(1).max(65535);

/** A port of a member; `name` is checked by admission, which can say more. */
export const memberPortSchema = z.object({
  port: portNumber.describe('Container (target) port'),
  servicePort: portNumber
    .optional()
    .describe('Port of the Service; the container port by default'),
  name: named(
    text(63),
    PORT_NAME,
    'must be lower-case letters, digits and dashes, beginning with a letter, at most 63',
  ).describe('DNS label, unique in this object'),
  peerAuth: z
    .enum(['Strict', 'Permissive', 'Webhook'])
    .optional()
    .describe('How peers prove who they are: Strict (default) means mTLS only'),
  protocol: z.enum(['TCP', 'UDP']).optional(),
});

/** Each pair is compared, so longer lists are left to admission. */
const MAX_COMPARED = 30;
const protocolOf = (port: string) =>
  `(has(${port}.protocol) ? ${port}.protocol : 'TCP')`;

function eachOnce(isSame: string): string {
  return `self.size() > ${MAX_COMPARED} || self.all(a, self.exists_one(b, ${isSame}))`;
}

const memberPorts = z
  .array(memberPortSchema)
  .max(200)
  .meta({
    cel: [
      {
        rule: eachOnce('b.name == a.name'),
        message: 'each port needs its own name',
      },
      {
        rule: eachOnce(
          `b.port == a.port && ${protocolOf('b')} == ${protocolOf('a')}`,
        ),
        message: 'a port is declared twice: keep one declaration',
      },
    ],
  });

/** Ports of an egress rule: numbers, or objects with `port`. */
const egressPort = z
  .union([portNumber, z.object({ port: portNumber })])
  .meta({ crd: { 'x-kubernetes-preserve-unknown-fields': true } });

export const egressRuleSchema = z.object({
  target: z
    .object({
      entity: text(63).optional(),
      cidr: text(64).optional(),
      fqdn: text().optional(),
    })
    .meta({
      cel: [
        {
          rule: '[has(self.entity), has(self.cidr), has(self.fqdn)].filter(x, x).size() == 1',
          message: 'exactly one of entity, cidr and fqdn must be set',
        },
        {
          rule: `!has(self.entity) || self.entity in [${OUTSIDE_ENTITIES.map(
            entity => `'${entity}'`,
          ).join(', ')}]`,
          message: `must be one of ${OUTSIDE_ENTITIES.join(
            ', ',
          )}: other entities stand for pods, which are named under dependencies`,
        },
      ],
    }),
  ports: z.array(egressPort).max(100).optional(),
  protocol: z.enum(['TCP', 'UDP']).optional(),
});

/** `selector: {app: redis}` or `selector: {matchLabels: {app: redis}}`. */
const selector = anyObject.describe(
  'Labels of the pods, flat or under matchLabels',
);

/** Fields that a member and the `mesh` block of a package share. */
export const meshFields = {
  ports: memberPorts.optional(),
  allowedCallers: references
    .optional()
    .describe('Who may call: {name, namespace}, or "namespace/name"'),
  dependencies: references
    .optional()
    .describe('Whom it calls: {name, namespace}, or "namespace/name"'),
  egress: z.array(egressRuleSchema).max(200).optional(),
};

/** `spec` of a LatticeMeshMember in every public shape. */
export const memberSpecSchema = z
  .object({
    target: z
      .object({
        selector: selector.optional(),
        namespace: text(63).optional(),
      })
      .meta({
        cel: [
          {
            rule: 'has(self.selector) != has(self.namespace)',
            message: 'exactly one of selector and namespace must be set',
          },
        ],
      }),
    ...meshFields,
    allowPeerTraffic: z
      .boolean()
      .optional()
      .describe('Pods of this member may call each other'),
    dependsAll: z
      .boolean()
      .optional()
      .describe('May call everything that allows it'),
    serviceAccount: named(
      text(),
      DNS_NAME,
      'must be the name of a ServiceAccount',
    )
      .optional()
      .describe('Account of the pods; the name of this object by default'),
    ambient: z
      .boolean()
      .optional()
      .describe('false: outside the mesh, guarded by Cilium alone'),
    ingress: anyObject
      .optional()
      .describe('Accepted and kept; Lattice does not act on it'),
    advertise: anyObject
      .optional()
      .describe('Accepted and kept; Lattice does not act on it'),
  })
  .describe('Wanted part of this workload in the mesh');

/** The `mesh` block of a package. */
export const meshBlockSchema = z.object({
  selector,
  ...meshFields,
});
