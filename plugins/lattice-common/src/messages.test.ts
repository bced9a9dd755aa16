import {
  packageWithoutMemberMessage,
  unmatchedDependencyMessage,
} from './messages';

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
});
