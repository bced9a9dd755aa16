import {
  AdmissionRules,
  DEFAULT_PROTECTED_NAMESPACES,
  DEFAULT_SECRET_KEY,
  SecretDefaults,
  SYSTEM_NAMESPACE,
} from '@lattice-portal/backstage-plugin-lattice-common';
import { z } from 'zod/v4';
import { BadUse } from '../BadUse';
import { readSettingsFile } from './readSettingsFile';

/** What `validate` holds objects against. */
export interface ValidationSettings {
  readonly rules: AdmissionRules;
  /** false: nobody said which repositories are allowed, so that is not checked. */
  readonly areRepositoriesKnown: boolean;
  /** Absent when nobody said what the platform offers. */
  readonly secrets?: SecretDefaults;
}

const texts = z.array(z.string());

/** The keys of app-config that matter here; others are left alone. */
const configSchema = z.object({
  lattice: z
    .object({
      charts: z.object({ allowedRepositories: texts.optional() }).optional(),
      secrets: z
        .object({
          defaultStore: z.string().optional(),
          defaultKey: z.string().optional(),
        })
        .optional(),
      cedar: z.object({ namespace: z.string().optional() }).optional(),
      protectedNamespaces: texts.optional(),
      platformObjects: texts.optional(),
    })
    .optional(),
});

const UNCONFIGURED: ValidationSettings = {
  rules: {
    allowedRepositories: [],
    protectedNamespaces: DEFAULT_PROTECTED_NAMESPACES,
    platformObjects: [],
    cedarNamespace: SYSTEM_NAMESPACE,
  },
  areRepositoriesKnown: false,
};

/** Reads the `lattice:` keys of a config file; without a file, what holds everywhere. */
export function readRules(file: string | undefined): ValidationSettings {
  if (file === undefined) {
    return UNCONFIGURED;
  }
  const outcome = configSchema.safeParse(readSettingsFile(file));
  if (!outcome.success) {
    const [issue] = outcome.error.issues;
    throw new BadUse(
      `${file}: ${issue.path.join('.')} is not what app-config expects there`,
    );
  }
  const { charts, secrets, cedar, protectedNamespaces, platformObjects } =
    outcome.data.lattice ?? {};
  return {
    rules: {
      allowedRepositories: charts?.allowedRepositories ?? [],
      protectedNamespaces: protectedNamespaces ?? DEFAULT_PROTECTED_NAMESPACES,
      platformObjects: platformObjects ?? [],
      cedarNamespace: cedar?.namespace ?? SYSTEM_NAMESPACE,
    },
    areRepositoriesKnown: true,
    secrets: {
      defaultKey: secrets?.defaultKey ?? DEFAULT_SECRET_KEY,
      defaultStore: secrets?.defaultStore,
    },
  };
}
