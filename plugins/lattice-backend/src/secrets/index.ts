export {
  canonicalJson,
  digestLabel,
  digestsOf,
  keyIdOf,
  loadDigests,
  type Digests,
} from './digests';
export {
  deleteUnplannedSecrets,
  disownSecrets,
  freezeSecrets,
  resolveSecrets,
  type SecretsOutcome,
  type SecretSource,
} from './resolveSecrets';
