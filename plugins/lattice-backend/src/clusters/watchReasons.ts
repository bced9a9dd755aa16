/** What a cache tells as its error while its first list is under way. */
export const NOT_LISTED = 'not listed yet';

/** Why a cache lists everything again although the server did not ask for it. */
export const OUT_OF_ORDER = 'events came out of order';

/** Why a cache opens its watch anew. */
export const SILENT = 'the cluster has been silent, reconnecting';

/** What a cache tells that is not kept up any more. */
export const STOPPED = 'stopped';
