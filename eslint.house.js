/**
 * The house style on top of Backstage's lint rules: no floating promises, bounded complexity and size, and
 * imports that run one way between the rooms (docs/architecture.md).
 */
const path = require('node:path');
const { builtinModules } = require('node:module');
const createBackstageConfig = require('@backstage/cli/config/eslint-factory');

const SCOPE = '@lattice-portal/backstage-plugin-lattice';
const COMMON = `${SCOPE}-common`;
const NODE = `${SCOPE}-node`;

/** Which rooms of ours each room may import. */
const MAY_IMPORT = {
  'plugins/lattice-common': [],
  'plugins/lattice-node': [COMMON],
  'plugins/lattice-backend': [COMMON, NODE],
  'plugins/lattice': [COMMON],
  'plugins/lattice-scaffolder': [COMMON, NODE],
  'plugins/catalog-backend-module-lattice': [COMMON],
  'packages/cli': [COMMON, NODE],
  'packages/lab': [COMMON],
};

const ROOMS = [
  SCOPE,
  COMMON,
  NODE,
  `${SCOPE}-backend`,
  '@lattice-portal/backstage-plugin-scaffolder-backend-module-lattice',
  '@lattice-portal/backstage-plugin-catalog-backend-module-lattice',
  '@lattice-portal/cli',
  'lab',
];

function forbiddenImports(room) {
  const allowed = MAY_IMPORT[room];
  if (!allowed) {
    return [];
  }
  return ROOMS.filter(name => !allowed.includes(name)).map(name => ({
    name,
    message: `Imports run one way between the rooms: ${room} may import ${
      allowed.join(', ') || 'no other room'
    }.`,
  }));
}

const SIZE_RULES = {
  complexity: ['error', 12],
  'max-depth': ['error', 3],
  'max-lines': [
    'error',
    { max: 300, skipBlankLines: true, skipComments: true },
  ],
  'max-params': ['error', 4],
};

/** `module.exports = require('../../eslint.house')(__dirname)` in every package. */
module.exports = function houseStyle(dir, extra = {}) {
  const room = path.relative(__dirname, dir).split(path.sep).join('/');
  const isIsomorphic = room === 'plugins/lattice-common';
  return createBackstageConfig(dir, {
    ...extra,
    restrictedSrcImports: [
      ...forbiddenImports(room),
      ...(isIsomorphic
        ? builtinModules.flatMap(name => [name, `node:${name}`])
        : []),
    ],
    overrides: [
      {
        files: ['src/**/*.ts', 'src/**/*.tsx'],
        excludedFiles: ['**/*.d.ts'],
        parserOptions: {
          project: path.join(__dirname, 'tsconfig.json'),
          tsconfigRootDir: __dirname,
        },
        rules: {
          '@typescript-eslint/no-floating-promises': 'error',
          '@typescript-eslint/no-explicit-any': 'error',
          'no-empty': ['error', { allowEmptyCatch: false }],
          ...SIZE_RULES,
        },
      },
      {
        files: ['**/*.gen.ts'],
        rules: { 'max-lines': 'off' },
      },
      {
        files: ['src/**/*.test.ts', 'src/**/*.test.tsx'],
        rules: {
          'max-lines': ['error', { max: 800 }],
          'jest/expect-expect': 'off',
        },
      },
      ...(extra.overrides ?? []),
    ],
  });
};
