import { formatPath } from '../api/fieldPath';
import { LatticePackage } from '../api/packageModel';
import { scanReferences } from '../values/scanReferences';
import { Check } from './violation';

const SECRET_KEY = /^[-._a-zA-Z0-9]{1,253}$/;

const references: Check<LatticePackage> = {
  rule: 'references-resolvable',
  check: pkg => [
    ...scanReferences(pkg.spec.values, pkg.spec.resources).problems,
  ],
};

const resourcesUsed: Check<LatticePackage> = {
  rule: 'resource-unused',
  check: pkg => {
    const { usedResources } = scanReferences(
      pkg.spec.values,
      pkg.spec.resources,
    );
    return Object.keys(pkg.spec.resources)
      .filter(name => !usedResources.has(name))
      .map(name => ({
        path: formatPath(['spec', 'resources', name]),
        message:
          'is declared, but no value refers to it, so it is never fetched: refer to it in spec.values, or remove it',
        severity: 'warning' as const,
      }));
  },
};

const secretKeys: Check<LatticePackage> = {
  rule: 'secret-key',
  check: pkg =>
    Object.entries(pkg.spec.resources).flatMap(([name, { keys }]) => {
      const path = formatPath(['spec', 'resources', name, 'params', 'keys']);
      if (keys?.length === 0) {
        return [
          {
            path,
            message:
              'is empty, so nothing could be referred to: list the keys, or leave it out for all',
          },
        ];
      }
      return (keys ?? []).flatMap((key, index) =>
        SECRET_KEY.test(key)
          ? []
          : [
              {
                path: `${path}[${index}]`,
                message:
                  'must be a key of a Secret: letters, digits, dot, dash and underscore, at most 253',
              },
            ],
      );
    }),
};

/** Rules about secret resources and the references to them. */
export const referenceChecks: readonly Check<LatticePackage>[] = [
  secretKeys,
  references,
  resourcesUsed,
];
