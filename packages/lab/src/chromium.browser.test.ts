import { chromium } from 'playwright-core';
import { chromiumLaunch } from './chromium';

jest.setTimeout(60_000);

describe('chromiumLaunch', () => {
  it('gives a browser that opens a page and draws text', async () => {
    const browser = await chromium.launch(await chromiumLaunch());
    try {
      const page = await browser.newPage();
      await page.setContent('<h1 id="a">Lattice</h1><h1 id="b">L</h1>');
      const width = (id: string) =>
        page.evaluate(name => {
          const range = document.createRange();
          range.selectNodeContents(
            document.getElementById(name) as HTMLElement,
          );
          return range.getBoundingClientRect().width;
        }, id);
      expect(await width('a')).toBeGreaterThan(await width('b'));
    } finally {
      await browser.close();
    }
  });
});
