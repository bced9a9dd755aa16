import { LatticeApi } from '@lattice-portal/backstage-plugin-lattice-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { aCluster, aMember, anEdge } from '../__testUtils__/builders';
import { mockLatticeApi } from '../__testUtils__/mockLatticeApi';
import { anAbsence, renderOnEntity } from '../__testUtils__/renderOnEntity';
import { MeshContent } from './MeshContent';

const LINKED = { 'lattice.dev/member': 'lab/data/redis' };
const TABLE = { name: 'Agreements of data/redis' };

function renderTab(
  getMember: LatticeApi['getMember'],
  annotations: Record<string, string> = LINKED,
) {
  const api = mockLatticeApi({ getMember });
  renderOnEntity(<MeshContent />, annotations, api);
  return api;
}

const manyStates = aMember({
  edges: [
    anEdge({ from: 'checkout' }),
    anEdge({
      from: 'reports',
      state: 'halfCaller',
      reason: 'redis allows no commerce/reports',
    }),
    anEdge({ to: 'metrics', state: 'agreed', reason: 'Not applied yet' }),
  ],
});

describe('MeshContent', () => {
  it('holds the same agreements in graph and table', async () => {
    renderTab(async () => ({ item: manyStates, cluster: aCluster() }));
    const table = await screen.findByRole('table', TABLE);
    const graph = await screen.findByRole('group', {
      name: 'Agreement graph of data/redis',
    });
    const namesIn = (part: HTMLElement) =>
      within(part)
        .getAllByRole('button', { name: /^Show agreement/ })
        .map(button => button.getAttribute('aria-label'))
        .sort();
    await waitFor(() => expect(namesIn(graph)).toHaveLength(3));
    expect(namesIn(graph)).toEqual(namesIn(table));
    expect(namesIn(table)).toContain(
      'Show agreement commerce/checkout to data/redis: enforced',
    );
    expect(
      within(table).getByRole('rowheader', { name: 'commerce/reports' }),
    ).toBeInTheDocument();
  });

  it('says that lines are declared and applied, not measured', async () => {
    renderTab(async () => ({ item: manyStates, cluster: aCluster() }));
    expect(
      await screen.findByText(/declared and applied, not measured/),
    ).toBeInTheDocument();
  });

  it('opens both declarations and the missing line of a half agreement', async () => {
    renderTab(async () => ({ item: manyStates, cluster: aCluster() }));
    const table = await screen.findByRole('table', TABLE);
    await userEvent.click(
      within(table).getByRole('button', { name: /commerce\/reports/ }),
    );
    const panel = screen.getByRole('region', {
      name: 'commerce/reports calls data/redis',
    });
    expect(panel).toHaveFocus();
    expect(panel).toHaveTextContent('Caller declares the dependency● declared');
    expect(panel).toHaveTextContent(
      'Callee allows the caller✕ missing, or not visible to you',
    );
    expect(panel).toHaveTextContent('redis allows no commerce/reports');
    expect(panel).toHaveTextContent('allowedCallers:');
    await userEvent.click(
      within(panel).getByRole('button', { name: 'Close details' }),
    );
    expect(panel).not.toBeInTheDocument();
  });

  it('calls nothing enforced on an old answer', async () => {
    renderTab(async () => ({
      item: aMember(),
      cluster: aCluster({ complete: false }),
    }));
    const table = await screen.findByRole('table', TABLE);
    expect(table).not.toHaveTextContent('enforced');
    expect(screen.getByText('0 enforced, 2 open agreements')).toBeVisible();
    expect(screen.getByRole('table', { name: 'Exposure' })).toHaveTextContent(
      'nobody',
    );
  });

  it('shows the exposure and the generated policies', async () => {
    renderTab(async () => ({ item: aMember(), cluster: aCluster() }));
    const exposure = await screen.findByRole('table', { name: 'Exposure' });
    expect(exposure).toHaveTextContent('redis 6379');
    expect(exposure).toHaveTextContent('commerce/checkout, commerce/inventory');
    await userEvent.click(
      screen.getByRole('button', { name: /CiliumNetworkPolicy/ }),
    );
    expect(screen.getByText(/apiVersion: cilium\.io\/v2/)).toBeVisible();
  });

  it('says that nobody may call a member without agreements', async () => {
    renderTab(async () => ({
      item: aMember({ edges: [] }),
      cluster: aCluster(),
    }));
    expect(await screen.findByText(/No agreement yet/)).toBeInTheDocument();
  });

  it('reads members and services from the annotations', async () => {
    const api = renderTab(
      async () => ({ item: aMember(), cluster: aCluster() }),
      { ...LINKED, 'lattice.dev/service': 'lab/commerce/checkout' },
    );
    await waitFor(() => expect(api.getMember).toHaveBeenCalledTimes(2));
  });

  it('offers the annotation to copy when nothing is linked', async () => {
    renderTab(jest.fn(), {});
    expect(
      await screen.findByText(/lattice\.dev\/member: <cluster>/),
    ).toBeInTheDocument();
  });

  it('tells nothing apart when the member is absent or forbidden', async () => {
    renderTab(async () => {
      throw anAbsence();
    });
    expect(
      await screen.findByText('Nothing to see at lab/data/redis'),
    ).toBeInTheDocument();
  });
});
