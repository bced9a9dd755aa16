import { LatticeApi } from '@lattice-portal/backstage-plugin-lattice-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { aCluster, aPackage, stages } from '../__testUtils__/builders';
import { mockLatticeApi } from '../__testUtils__/mockLatticeApi';
import { anAbsence, renderOnEntity } from '../__testUtils__/renderOnEntity';
import { PackageContent } from './PackageContent';

const LINKED = { 'lattice.dev/package': 'lab/data/redis' };

function renderTab(
  getPackage: LatticeApi['getPackage'],
  annotations: Record<string, string> = LINKED,
) {
  const api = mockLatticeApi({ getPackage });
  renderOnEntity(<PackageContent />, annotations, api);
  return api;
}

describe('PackageContent', () => {
  it('shows what runs, where, and the revisions, secrets, objects and conditions', async () => {
    renderTab(async () => ({ item: aPackage(), cluster: aCluster() }));

    const placement = await screen.findByRole('region', { name: 'Placement' });
    expect(placement).toHaveTextContent('lab / data (reconciled by Lattice)');
    expect(placement).toHaveTextContent('Running version18.4.0');
    expect(placement).toHaveTextContent('seconds ago');
    const secrets = screen.getByRole('table', { name: 'Secrets' });
    expect(
      within(secrets).getByRole('rowheader', { name: 'credentials' }),
    ).toBeInTheDocument();
    expect(secrets).toHaveTextContent('data/credentials');
    expect(screen.getByRole('table', { name: 'History' })).toHaveTextContent(
      'install',
    );
    expect(screen.getByRole('table', { name: 'Objects' })).toHaveTextContent(
      'StatefulSet',
    );
    expect(screen.getByRole('table', { name: 'Conditions' })).toHaveTextContent(
      'All objects are healthy',
    );
    expect(screen.getByRole('link', { name: 'data/redis' })).toHaveAttribute(
      'href',
      '/lattice/members/lab/data/redis',
    );
    expect(screen.queryByText(/Blocked at/)).not.toBeInTheDocument();
  });

  it('announces the state to screen readers', async () => {
    renderTab(async () => ({ item: aPackage(), cluster: aCluster() }));
    expect(await screen.findByText('Package redis is Ready')).toHaveAttribute(
      'aria-live',
      'polite',
    );
  });

  it('names the root cause first and the rest behind it', async () => {
    renderTab(async () => ({
      item: aPackage({
        phase: 'Failed',
        stages: stages({
          SecretsResolved: {
            state: 'failed',
            reason: 'AccessDenied',
            message: 'Cedar permits no read of data/credentials',
          },
          Released: { state: 'failed', message: 'Nothing is installed' },
        }),
      }),
      cluster: aCluster(),
    }));
    expect(
      await screen.findByText('Blocked at Secrets resolved: AccessDenied'),
    ).toBeInTheDocument();
    await userEvent.click(
      screen.getByRole('button', { name: /What else waits \(1\)/ }),
    );
    expect(
      screen.getByText('Released: Nothing is installed'),
    ).toBeInTheDocument();
  });

  it('shows an old answer as old', async () => {
    renderTab(async () => ({
      item: aPackage(),
      cluster: aCluster({
        complete: false,
        error: 'connection refused.',
        lastSeenAt: '2020-01-01T00:00:00Z',
      }),
    }));
    expect(
      await screen.findByText('Cluster lab does not answer fully'),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/connection refused\. Last heard .* years ago/),
    ).toBeInTheDocument();
  });

  it('shows that it loads', async () => {
    renderTab(() => new Promise(() => undefined));
    expect(
      await screen.findByRole('status', { name: 'Loading from the clusters' }),
    ).toBeInTheDocument();
  });

  it.each([
    ['missing', anAbsence()],
    ['forbidden', Object.assign(new Error('no'), { statusCode: 403 })],
  ])(
    'says nothing more of a %s package than that there is nothing to see',
    async (_, failure) => {
      renderTab(async () => {
        throw failure;
      });
      expect(
        await screen.findByText('Nothing to see at lab/data/redis'),
      ).toBeInTheDocument();
      expect(screen.getByText(/These look the same on purpose/)).toBeVisible();
    },
  );

  it('says why the backend failed and asks again on demand', async () => {
    const answers = [
      Promise.reject(new Error('the backend is away')),
      Promise.resolve({ item: aPackage(), cluster: aCluster() }),
    ];
    answers[0].catch(() => undefined);
    renderTab(() => answers.shift()!);
    expect(await screen.findByText('the backend is away')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('region', { name: 'Placement' }),
    ).toBeInTheDocument();
  });

  it('offers the annotation to copy when nothing is linked', async () => {
    const api = renderTab(jest.fn(), {});
    expect(
      await screen.findByText(/lattice\.dev\/package: <cluster>/),
    ).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Copy' })).toBeInTheDocument();
    expect(api.getPackage).not.toHaveBeenCalled();
  });

  it('names the part of the annotation that it cannot read', async () => {
    renderTab(async () => ({ item: aPackage(), cluster: aCluster() }), {
      'lattice.dev/package': 'redis, lab/data/redis',
    });
    expect(
      await screen.findByText(/holds "redis", which is not of the form/),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('region', { name: 'Placement' }),
    ).toBeInTheDocument();
  });
});
