import { render, screen } from '@testing-library/react';
import App from './App';

describe('App', () => {
  it('starts and offers the guest when nothing is configured', async () => {
    const data = {
      app: { title: 'Lattice portal', baseUrl: 'http://localhost' },
      backend: { baseUrl: 'http://localhost:7007' },
      techdocs: {
        storageUrl: 'http://localhost:7007/api/techdocs/static/docs',
      },
    };
    process.env = {
      NODE_ENV: 'test',
      // The loader reads parsed configuration here, while the type of process.env knows only text.
      APP_CONFIG: [{ context: 'test', data }] as unknown as string,
    };
    render(App.createRoot());
    expect(
      await screen.findByRole('button', { name: 'Enter' }),
    ).toBeInTheDocument();
  });
});
