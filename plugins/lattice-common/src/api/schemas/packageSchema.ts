import { z } from 'zod/v4';
import { meshBlockSchema } from './memberSchema';
import { DIGEST, DNS_LABEL, DNS_NAME } from './patterns';
import { resourceSchema } from './resourceSchema';
import { anyObject, duration, named, references, text } from './structural';

const nameReference = z.object({
  name: named(text(), DNS_NAME, 'must be the name of a Secret'),
});

/*
 * What is right or wrong by itself is refused by the CRD. What the platform team decides about (repositories, versions,
 * namespaces) is left to admission and controllers, so that an object that got past the one is named by the other.
 */
const chartSchema = z
  .object({
    repo: text(1024).optional().describe('Same as repository'),
    repository: text(1024)
      .optional()
      .describe('oci:// or https:// address of the chart repository'),
    name: text().describe('Name of the chart'),
    version: text(128).describe(
      'Exact version (SemVer 2), a leading v allowed',
    ),
    digest: named(
      text(80),
      DIGEST,
      'must be sha256: and 64 lower-case hex digits',
    )
      .optional()
      .describe('sha256:... pin of the chart'),
    pullSecretRef: nameReference.optional(),
    caSecretRef: nameReference.optional(),
  })
  .meta({
    cel: [
      {
        rule: 'has(self.repo) || has(self.repository)',
        message: 'one of repository and repo must be set',
      },
      {
        rule: '!has(self.repo) || !has(self.repository) || self.repo == self.repository',
        message: 'repo and repository are the same field: set one of them',
      },
    ],
  });

/** `spec` of a LatticePackage in every public shape. */
export const packageSpecSchema = z
  .object({
    chart: chartSchema,
    values: anyObject.optional().describe('Values of the chart'),
    resources: z
      .record(text(63), resourceSchema)
      .optional()
      .describe('What the values refer to; only type secret is used'),
    targetNamespace: named(
      text(63),
      DNS_LABEL,
      'must be the name of a namespace',
    )
      .optional()
      .describe('Namespace of the release; its own by default'),
    dependsOn: references
      .optional()
      .describe('Packages that must be healthy first'),
    allowedDependents: references
      .optional()
      .describe('Packages of other namespaces that may hold up a deletion'),
    serviceAccountName: named(
      text(),
      DNS_NAME,
      'must be the name of a ServiceAccount',
    )
      .optional()
      .describe('Account that acts; lattice-packages by default'),
    suspend: z.boolean().optional(),
    deletionPolicy: z.enum(['Delete', 'Orphan']).optional(),
    driftPolicy: z.enum(['ignore', 'warn', 'correct']).optional(),
    conflictPolicy: z.enum(['Fail', 'Force']).optional(),
    crdPolicy: z
      .object({
        install: z.enum(['Create', 'Skip']).optional(),
        upgrade: z.enum(['Skip', 'CreateReplace']).optional(),
      })
      .optional(),
    adoption: z.enum(['None', 'Once']).optional(),
    remediation: z
      .object({
        strategy: z.enum(['Rollback', 'RollForward', 'None']).optional(),
        retries: z.int().min(0).max(100).optional(),
      })
      .optional(),
    rotationPolicy: z.enum(['None', 'Restart']).optional(),
    timeout: duration.optional().describe('Of one helm run; 5m by default'),
    progressDeadline: duration
      .optional()
      .describe('Until workloads must be healthy; 10m by default'),
    historyMax: z.int().min(1).max(100).optional(),
    waitStrategy: z.enum(['None', 'Helm']).optional(),
    mesh: meshBlockSchema
      .optional()
      .describe('Mesh member made together with the package'),
    createNamespace: z
      .boolean()
      .optional()
      .describe('Accepted and ignored: namespaces are never created'),
    skipCrds: z
      .boolean()
      .optional()
      .describe('true is the same as crdPolicy.install: Skip'),
    propagate: z.boolean().optional().describe('Accepted and ignored'),
  })
  .describe('Wanted state of the package');
