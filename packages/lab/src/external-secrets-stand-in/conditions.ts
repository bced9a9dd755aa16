/** Reasons of the Ready condition, as the operator spells them. */
export const REASONS = {
  synced: 'SecretSynced',
  syncedError: 'SecretSyncedError',
  deleted: 'SecretDeleted',
  missing: 'SecretMissing',
} as const;

/** Messages of the Ready condition, as the operator spells them. */
export const MESSAGES = {
  synced: 'secret synced',
  retained: 'secret retained due to DeletionPolicy=Retain',
  deleted: 'secret deleted due to DeletionPolicy=Delete',
  missing: 'secret will not be created due to CreationPolicy=Merge',
  getData: 'could not get secret data from provider',
  deleteSecret: 'could not delete secret',
  updateSecret: 'could not update secret',
  becomeOwner: 'failed to take ownership of target secret',
  isOwned: 'target is owned by another ExternalSecret',
} as const;

/** A pass that ended with a Ready=False; the message is the condition's, the cause is for the stand-in's log. */
export class SyncFailure extends Error {
  readonly conditionMessage: string;

  constructor(conditionMessage: string, cause: string) {
    super(cause);
    this.name = 'SyncFailure';
    this.conditionMessage = conditionMessage;
  }
}
