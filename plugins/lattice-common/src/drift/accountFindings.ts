import { LatticeMember } from '../api/memberModel';
import { formatKey } from '../api/object';
import { Coverage } from './Coverage';
import { DEFAULT_ACCOUNT, driftMessages } from './driftMessages';
import { findingId, Findings } from './findings';
import { accountChanged, writtenIn } from './memberPatch';
import { DriftKinds } from './types';

/** How a mismatch is told, and whether the member can name the account at all. */
function told(member: LatticeMember, account: string, isOnlyOne: boolean) {
  const object = writtenIn(member);
  const declared = member.spec.serviceAccount;
  if (!isOnlyOne) {
    return { message: driftMessages.accounts(object, declared, account) };
  }
  const patch =
    account === DEFAULT_ACCOUNT ? undefined : accountChanged(member, account);
  const message =
    patch || account === DEFAULT_ACCOUNT
      ? driftMessages.account(object, declared, account)
      : driftMessages.notHere(object, declared, account);
  return { message, ...(patch ? { patch } : {}) };
}

/** Pods that run under another account than the one by which their member is known to others. */
export function findAccountMismatches(coverage: Coverage, to: Findings): void {
  for (const member of coverage.members) {
    const endpoints = coverage.endpointsOf(member);
    const accounts = new Set(endpoints.map(it => it.serviceAccount));
    for (const account of accounts) {
      if (account !== member.spec.serviceAccount) {
        const ofAccount = endpoints.filter(it => it.serviceAccount === account);
        const [first] = ofAccount;
        to.add(
          {
            id: findingId(
              DriftKinds.AccountMismatch,
              formatKey(member.metadata),
              account,
            ),
            kind: DriftKinds.AccountMismatch,
            severity: member.spec.ambient ? 'error' : 'info',
            object: writtenIn(member),
            workload: first.workload,
            ...(first.package ? { package: first.package } : {}),
            ...told(member, account, accounts.size === 1),
          },
          ofAccount,
        );
      }
    }
  }
}
