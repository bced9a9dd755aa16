import { render, screen } from '@testing-library/react';
import App from './App';

function withConfig(app: object) {
  process.env = {
    NODE_ENV: 'test',
    APP_CONFIG: [
      {
        context: 'test',
        data: {
          app: { title: 'Lattice portal', ...app },
          backend: { baseUrl: 'http://localhost:7007' },
          techdocs: {
            storageUrl: 'http://localhost:7007/api/techdocs/static/docs',
          },
        },
      },
      // The loader reads parsed configuration here, while the type of process.env knows only text.
    ] as unknown as string,
  };
}

describe('App', () => {
  it('starts with the guest sign-in page when nothing is configured', async () => {
    withConfig({});
    render(App.createRoot());
    expect(
      await screen.findByRole('button', { name: 'Enter' }),
    ).toBeInTheDocument();
  });
});
