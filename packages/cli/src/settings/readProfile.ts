import {
  ClusterProfile,
  DEFAULT_PROFILE,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { z } from 'zod/v4';
import { BadUse } from '../BadUse';
import { readSettingsFile } from './readSettingsFile';

const profileSchema = z.strictObject({
  trustDomain: z.string().min(1).optional(),
  rootNamespace: z.string().min(1).optional(),
  clusterName: z.string().min(1).optional(),
  engines: z
    .strictObject({
      cilium: z.boolean().optional(),
      istio: z.boolean().optional(),
    })
    .optional(),
  mtls: z.enum(['required', 'notRequired']).optional(),
  dns: z
    .strictObject({
      namespace: z.string().min(1).optional(),
      labels: z.record(z.string(), z.string()).optional(),
      ports: z.array(z.int().min(1).max(65535)).min(1).optional(),
    })
    .optional(),
  apiServerEntities: z.array(z.string().min(1)).optional(),
});

function describe(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys'
    ? `${[...issue.path, issue.keys[0]].join(
        '.',
      )} is not a key of a cluster profile`
    : `${issue.path.join('.')} is not what a cluster profile expects there`;
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
