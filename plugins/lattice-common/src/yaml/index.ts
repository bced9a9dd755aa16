export { kubernetesTags } from './kubernetesTags';
