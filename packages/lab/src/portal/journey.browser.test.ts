import { checkoutDir } from '../parts/paths.ts';
import { Browser } from './Browser.ts';
import { buildApp } from './buildApp.ts';
import { PortalUnderTest } from './PortalUnderTest.ts';

const MINUTES = 60_000;

describe('a person at the portal', () => {
  jest.setTimeout(8 * MINUTES);
  let world: PortalUnderTest;
  let browser: Browser;

  beforeAll(async () => {
    await buildApp(checkoutDir(), () => {});
    world = await PortalUnderTest.start({ withForge: true });
    browser = await Browser.open({ url: world.portal.url, user: 'data-owner' });
  });

  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });

  it('sees the package Ready and its agreements enforced', async () => {
    const { page } = browser;
    await page.goto('/catalog/default/component/redis/package');
    await page.getByText('Running version').waitFor();
    await page.getByText('18.4.0').first().waitFor();
    await browser.keepPicture('package-tab');

    await page.getByRole('link', { name: 'Mesh', exact: true }).click();
    const agreements = page.getByRole('table', { name: /Agreements of/ });
    await agreements.getByText('enforced').nth(1).waitFor();
    await browser.keepPicture('mesh-tab');
  });

  it('may enter as guest and see what the shared namespace offers', async () => {
    const guest = await Browser.open({ url: world.portal.url });
    try {
      await guest.page.goto('/catalog/default/component/redis/package');
      await guest.page.getByRole('button', { name: 'Enter' }).click();
      await guest.page.getByText('Running version').waitFor();
      await guest.keepPicture('guest-package-tab');
    } finally {
      await guest.close();
    }
  });

  it('sees the fleet', async () => {
    const { page } = browser;
    await page.goto('/lattice');
    await page.getByRole('link', { name: 'redis' }).first().waitFor();
    await browser.keepPicture('fleet');
  });

  it('reads on the page of a broken package what blocks it', async () => {
    await world.apply({
      apiVersion: 'lattice.dev/v1alpha1',
      kind: 'LatticePackage',
      metadata: { name: 'broken', namespace: 'data' },
      spec: {
        chart: {
          repo: 'oci://registry.example.com/charts',
          name: 'no-such-chart',
          version: '1.0.0',
        },
      },
    });
    const { page } = browser;
    await page.goto('/lattice/packages/lab/data/broken');
    await page.getByText(/^Blocked at/).waitFor();
    await page
      .getByText(/no-such-chart/)
      .first()
      .waitFor();
    await browser.keepPicture('broken-package');
  });

  it('requests a package and watches it become Ready once the pull request is merged', async () => {
    const { page } = browser;
    await page.goto('/create/templates/default/lattice-package');
    await page.getByText('Third-party software with its own lifecycle').click();
    await browser.keepPicture('template-first-step');
    await page.getByRole('button', { name: 'Next' }).click();

    await page
      .getByLabel('Chart repository')
      .fill('oci://registry.example.com/charts');
    await page.getByLabel('Chart', { exact: false }).nth(1).fill('redis');
    await page.getByLabel('Version').fill('18.4.0');
    await page.getByRole('button', { name: 'Next' }).click();

    await page.getByLabel('Cluster').fill('lab');
    await page.getByRole('textbox', { name: /^Namespace\b/ }).fill('data');
    await page.getByRole('textbox', { name: /^Name\b/ }).fill('sessions');
    await page.getByRole('button', { name: 'Next' }).click();

    await page
      .getByLabel('Values of the chart')
      .fill('auth:\n  enabled: false\n');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('button', { name: 'Review' }).click();
    await browser.keepPicture('template-review');
    await page.getByRole('button', { name: 'Create' }).click();

    const link = page.getByRole('link', { name: /pull request/i }).first();
    await link.waitFor({ timeout: 2 * MINUTES });
    await browser.keepPicture('template-done');
    const href = (await link.getAttribute('href')) ?? '';
    expect(href).toContain('/pulls/');

    await page.goto('/lattice/packages');
    await page.getByRole('link', { name: 'redis' }).first().waitFor();
    await mergePullRequest(world, Number(href.split('/').pop()));
    // No reload: the row comes with the signal, long before a page beside signals would poll.
    await page
      .getByRole('link', { name: 'sessions' })
      .first()
      .waitFor({ timeout: 30_000 });
    await world.portal.waitForPackage('lab/data/sessions', 2 * MINUTES);
    await page.goto('/lattice/packages/lab/data/sessions');
    await page.getByText('Running version').waitFor();
    await browser.keepPicture('requested-package');
    expect(browser.pageErrors).toEqual([]);
  });
});

async function mergePullRequest(
  world: PortalUnderTest,
  number: number,
): Promise<void> {
  const { url, token, repository } = world.lab.forge;
  const answer = await fetch(
    `${url}/api/v1/repos/${repository}/pulls/${number}/merge`,
    {
      method: 'POST',
      headers: {
        authorization: `token ${token}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ Do: 'merge' }),
    },
  );
  if (!answer.ok) {
    throw new Error(
      `The forge did not merge: HTTP ${answer.status} ${await answer.text()}`,
    );
  }
}
