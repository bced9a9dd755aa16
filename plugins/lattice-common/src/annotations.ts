/** API group of the CRDs. */
export const LATTICE_GROUP = 'lattice.dev';
/** Served version of the CRDs. */
export const LATTICE_VERSION = 'v1alpha1';
/** `apiVersion` of all our kinds. */
export const LATTICE_API_VERSION = `${LATTICE_GROUP}/${LATTICE_VERSION}`;

/** Catalog annotations: `<cluster>/<namespace>/<name>`, several comma-separated. */
export const ANNOTATION_PACKAGE = 'lattice.dev/package';
export const ANNOTATION_MEMBER = 'lattice.dev/member';
export const ANNOTATION_SERVICE = 'lattice.dev/service';

/** On a Namespace: the entity ref that owns what lies in it. */
export const ANNOTATION_OWNER = 'lattice.dev/owner';
/** On each object: `url:<repo>/<blob>/<branch>/<path>` where it is declared. */
export const ANNOTATION_SOURCE = 'lattice.dev/source';

/** Prefix of everything that we put on clusters. */
export const PORTAL_PREFIX = 'portal.lattice.dev/';
export const FINALIZER_PACKAGE = `${PORTAL_PREFIX}package`;
export const FINALIZER_MEMBER = `${PORTAL_PREFIX}member`;
export const LABEL_OWNER_UID = `${PORTAL_PREFIX}owner-uid`;
export const LABEL_KEY = `${PORTAL_PREFIX}key`;
/** On a Namespace: packages may be installed here (decisions: account and tenancy). */
export const LABEL_ENROLLED = `${PORTAL_PREFIX}enrolled`;
export const ANNOTATION_RECONCILE_AT = `${PORTAL_PREFIX}reconcile-at`;
export const ANNOTATION_FORCE_AT = `${PORTAL_PREFIX}force-at`;
export const ANNOTATION_RESET_AT = `${PORTAL_PREFIX}reset-at`;
/** Field manager of all our writes. */
export const FIELD_MANAGER = 'lattice-portal';
/** Namespace of Leases, Cedar policies and our own objects. */
export const SYSTEM_NAMESPACE = 'lattice-system';
/** Lease of the replica that acts. */
export const LEASE_NAME = 'lattice-portal';
