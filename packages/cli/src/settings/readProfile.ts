import {
  ClusterProfile,
  DEFAULT_PROFILE,
  formatPath,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { z } from 'zod/v4';
import { BadUse } from '../BadUse';
import { readSettingsFile } from './readSettingsFile';

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const DOMAIN = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const ENTITIES = [
  'cluster',
  'host',
  'kube-apiserver',
  'remote-node',
  'world',
] as const;

const expects = (message: string) => ({ error: message });
const namespace = z
  .string(expects('must be the name of a namespace'))
  .regex(LABEL, 'must be the name of a namespace');
const trueOrFalse = z.boolean(expects('must be true or false'));
const port = z
  .int(expects('must be a port number'))
  .min(1, 'must be a port number')
  .max(65535, 'must be a port number');

const entities = z
  .array(
    z.enum(ENTITIES, expects(`must be one of ${ENTITIES.join(', ')}`)),
    expects('must be a list'),
  )
  .min(1, 'must not be empty');

/** The same keys as `profile` of a cluster in app-config. */
const profileSchema = z.strictObject({
  trustDomain: z
    .string(expects('must be the name of a domain'))
    .max(253, 'must be the name of a domain')
    .regex(DOMAIN, 'must be the name of a domain')
    .optional(),
  rootNamespace: namespace.optional(),
  clusterName: z
    .string(expects('must be the name of a cluster'))
    .regex(LABEL, 'must be the name of a cluster')
    .optional(),
  engines: z
    .strictObject(
      { cilium: trueOrFalse.optional(), istio: trueOrFalse.optional() },
      expects('must be an object'),
    )
    .optional(),
  mtls: z
    .enum(
      ['required', 'notRequired'],
      expects('must be required or notRequired'),
    )
    .optional(),
  dns: z
    .strictObject(
      {
        namespace: namespace.optional(),
        labels: z
          .record(
            z.string(),
            z.string(expects('must be a string')),
            expects('must be an object'),
          )
          .refine(
            labels => Object.keys(labels).length > 0,
            'must name at least one label: without one, every pod of the namespace would be reachable',
          )
          .optional(),
        ports: z
          .array(port, expects('must be a list of ports'))
          .min(1, 'must not be empty')
          .optional(),
        entities: entities.optional(),
      },
      expects('must be an object'),
    )
    .optional(),
  ignoredLabels: z
    .array(
      z.string(expects('must be a string')).min(1, 'must not be empty'),
      expects('must be a list'),
    )
    .optional(),
  apiServerEntities: entities.optional(),
});

function pathOf(path: readonly PropertyKey[]): string {
  return formatPath(
    path.map(step => (typeof step === 'number' ? step : String(step))),
  );
}

function describe(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys'
    ? `${pathOf([...issue.path, issue.keys[0]])} is not a key of a profile`
    : `${pathOf(issue.path)} ${issue.message}`;
}

/** The profile of a cluster: the stock one, with what the file says instead. */
export function readProfile(file: string | undefined): ClusterProfile {
  if (file === undefined) {
    return DEFAULT_PROFILE;
  }
  const outcome = profileSchema.safeParse(readSettingsFile(file));
  if (!outcome.success) {
    throw new BadUse(`${file}: ${describe(outcome.error.issues[0])}`);
  }
  const { engines, dns, ...rest } = outcome.data;
  return {
    ...DEFAULT_PROFILE,
    ...rest,
    engines: { ...DEFAULT_PROFILE.engines, ...engines },
    dns: { ...DEFAULT_PROFILE.dns, ...dns },
  };
}
