import { TestApiProvider, mockApis } from '@backstage/frontend-test-utils';
import { UnifiedThemeProvider, themes } from '@backstage/theme';
import { render, screen, waitFor } from '@testing-library/react';
import { Suspense } from 'react';
import { MemoryRouter } from 'react-router-dom';
import { ConfiguredSignInPage } from './ConfiguredSignInPage';

function renderWith(signIn: string | undefined) {
  const app = { title: 'Lattice portal', ...(signIn && { signIn }) };
  return render(
    <TestApiProvider
      apis={[
        mockApis.config({ data: { app } }),
        mockApis.discovery(),
        mockApis.error({ collect: true }),
        mockApis.translation(),
      ]}
    >
      <UnifiedThemeProvider theme={themes.light}>
        <MemoryRouter>
          <Suspense fallback={null}>
            <ConfiguredSignInPage onSignInSuccess={jest.fn()} />
          </Suspense>
        </MemoryRouter>
      </UnifiedThemeProvider>
    </TestApiProvider>,
  );
}

function noUserFromTheProxy() {
  const asked = jest.fn(async (_: unknown) => ({
    ok: false,
    status: 401,
    statusText: 'Unauthorized',
    headers: new Headers(),
    text: async () => 'no header',
  }));
  global.fetch = asked as unknown as typeof fetch;
  return asked;
}

describe('ConfiguredSignInPage', () => {
  const fetchBefore = global.fetch;
  afterEach(() => {
    global.fetch = fetchBefore;
  });

  it('offers the guest when nothing is configured', async () => {
    renderWith(undefined);
    expect(
      await screen.findByRole('button', { name: 'Enter' }),
    ).toBeInTheDocument();
  });

  it('offers no guest where only the proxy may name the user', async () => {
    const asked = noUserFromTheProxy();
    renderWith('oauth2Proxy');
    await waitFor(() => expect(asked).toHaveBeenCalled());
    expect(String(asked.mock.calls[0][0])).toContain('/oauth2Proxy/refresh');
    expect(
      await screen.findByText(/You do not appear to be signed in/),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Enter' }),
    ).not.toBeInTheDocument();
  });

  it('offers the guest in development when the proxy names nobody', async () => {
    const asked = noUserFromTheProxy();
    renderWith('oauth2ProxyOrGuest');
    expect(
      await screen.findByRole('button', { name: 'Enter' }),
    ).toBeInTheDocument();
    expect(asked).toHaveBeenCalled();
  });

  it('names the key when the choice is unknown', () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => renderWith('ldap')).toThrow(
      'app.signIn is "ldap"; it must be one of guest, oauth2Proxy, oauth2ProxyOrGuest',
    );
    jest.restoreAllMocks();
  });
});
