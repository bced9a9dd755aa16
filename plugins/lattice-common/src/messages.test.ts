import {
  packageWithoutMemberMessage,
  undeclaredDependencyMessage,
  undeclaredPairMessage,
  unmatchedDependencyMessage,
} from './messages';

const service = {
  kind: 'LatticeService',
  namespace: 'commerce',
  name: 'checkout',
};
const member = { kind: 'LatticeMeshMember', namespace: 'data', name: 'redis' };

describe('messages of the chapter', () => {
  it('says what an unmatched dependency is', () => {
    expect(unmatchedDependencyMessage('redis')).toBe(
      'outbound dependency redis declared but no matching inbound declaration found.',
    );
  });

  it('says that a ready package cannot be reached', () => {
    expect(
      packageWithoutMemberMessage({ namespace: 'data', name: 'redis' }),
    ).toBe(
      'LatticePackage redis is Ready but no LatticeMeshMember exists in namespace data. Services cannot reach this package through the bilateral agreement model.',
    );
  });

  it('says who must change when only the callee has declared', () => {
    expect(undeclaredDependencyMessage(service, member)).toBe(
      'LatticeMeshMember data/redis allows commerce/checkout, but LatticeService commerce/checkout declares no outbound dependency redis: traffic is denied. Only the LatticeService must change; the LatticeMeshMember need not.',
    );
  });

  it('says that both must change when neither has declared', () => {
    expect(undeclaredPairMessage(service, member)).toBe(
      'Neither LatticeService commerce/checkout declares an outbound dependency redis, nor does LatticeMeshMember data/redis allow checkout as caller: traffic is denied. Both must change.',
    );
  });
});
