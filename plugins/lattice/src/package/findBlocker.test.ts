import { PackageStage } from '@lattice-portal/backstage-plugin-lattice-common';
import { findBlocker } from './findBlocker';

function stages(
  ...states: Array<[PackageStage['name'], PackageStage['state']]>
): PackageStage[] {
  return states.map(([name, state]) => ({ name, state }));
}

function found(...states: Parameters<typeof stages>) {
  const blocker = findBlocker({
    phase: 'Progressing',
    stages: stages(...states),
  });
  return blocker && [blocker.kind, blocker.stage.name, blocker.others.length];
}

describe('findBlocker', () => {
  it('finds nothing when every stage is done', () => {
    expect(found(['Validated', 'done'], ['Released', 'done'])).toBeUndefined();
  });

  it('names the first failed stage, not its followers', () => {
    expect(
      found(
        ['Authorized', 'done'],
        ['SecretsResolved', 'failed'],
        ['Released', 'failed'],
        ['Healthy', 'pending'],
      ),
    ).toEqual(['failed', 'SecretsResolved', 1]);
  });

  it('prefers a failure over a stage that is only under way', () => {
    expect(
      found(['SecretsResolved', 'active'], ['Released', 'failed']),
    ).toEqual(['failed', 'Released', 1]);
  });

  it('says what is waited for when nothing failed', () => {
    expect(found(['Released', 'active'], ['Healthy', 'pending'])).toEqual([
      'waiting',
      'Released',
      0,
    ]);
  });

  it('tells a missing member apart: the package itself is fine', () => {
    expect(found(['Healthy', 'done'], ['MeshEnrolled', 'failed'])).toEqual([
      'noMember',
      'MeshEnrolled',
      0,
    ]);
  });
});
