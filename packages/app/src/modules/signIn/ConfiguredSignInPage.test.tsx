import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { ConfiguredSignInPage } from './ConfiguredSignInPage';

function renderWith(signIn: string | undefined) {
  const app = { baseUrl: 'http://localhost', ...(signIn && { signIn }) };
  return renderInTestApp(<ConfiguredSignInPage onSignInSuccess={jest.fn()} />, {
    apis: [mockApis.config({ data: { app } })],
  });
}

describe('ConfiguredSignInPage', () => {
  const fetchBefore = global.fetch;
  afterEach(() => {
    global.fetch = fetchBefore;
  });

  function noUserFromTheProxy() {
    const asked = jest.fn(async (_: unknown) =>
      Response.json(
        { error: { name: 'AuthenticationError', message: 'no header' } },
        { status: 401 },
      ),
    );
    global.fetch = asked as typeof fetch;
    return asked;
  }

  it('offers the guest when nothing is configured', async () => {
    renderWith(undefined);
    expect(await screen.findByText('Guest')).toBeInTheDocument();
  });

  it('shows no guest where only the proxy may name the user', async () => {
    const asked = noUserFromTheProxy();
    renderWith('oauth2Proxy');
    await waitFor(() => expect(asked).toHaveBeenCalled());
    expect(String(asked.mock.calls[0][0])).toContain('oauth2Proxy/refresh');
    expect(screen.queryByText('Guest')).not.toBeInTheDocument();
  });

  it('offers the guest in development when the proxy names nobody', async () => {
    noUserFromTheProxy();
    renderWith('oauth2ProxyOrGuest');
    expect(await screen.findByText('Guest')).toBeInTheDocument();
    fireEvent.click(screen.getByRole('button', { name: 'Enter' }));
  });
});
