module.exports = {
  root: true,
  overrides: [
    {
      files: ['scripts/**/*.mjs'],
      parserOptions: { ecmaVersion: 2022, sourceType: 'module' },
      env: { node: true, es2022: true },
      extends: ['eslint:recommended'],
      rules: { 'max-lines': ['error', 300] },
    },
  ],
};
