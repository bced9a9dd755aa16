export {
  canonicalJson,
  digestLabel,
  digestsOf,
  keyIdOf,
  loadDigests,
  type Digests,
} from './digests';
export { disownSecrets } from './disownSecrets';
export {
  deleteUnplannedSecrets,
  freezeSecrets,
  resolveSecrets,
  type SecretsOutcome,
  type SecretSource,
} from './resolveSecrets';
