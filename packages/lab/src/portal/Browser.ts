import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser as Chromium, Page } from 'playwright-core';
import { chromiumLaunch } from '../chromium.ts';
import { stateDir } from '../parts/paths.ts';

/** Chromium signed in as one user of the demo, by the header that an authenticating proxy would set, or as nobody. */
export class Browser {
  readonly page: Page;
  private readonly chromium: Chromium;
  private readonly errors: string[] = [];

  private constructor(instance: Chromium, page: Page) {
    this.chromium = instance;
    this.page = page;
    page.on('pageerror', error => this.errors.push(error.message));
  }

  static async open(options: { url: string; user?: string }): Promise<Browser> {
    const instance = await chromium.launch(await chromiumLaunch());
    const context = await instance.newContext({
      baseURL: options.url,
      viewport: { width: 1280, height: 1000 },
      extraHTTPHeaders: options.user
        ? { 'x-forwarded-user': options.user }
        : {},
    });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    return new Browser(instance, page);
  }

  /** Errors that pages threw so far. */
  get pageErrors(): readonly string[] {
    return this.errors;
  }

  /** Keeps a picture in the ignored state folder, to be looked at. */
  async keepPicture(name: string): Promise<void> {
    const folder = join(stateDir(), 'screenshots');
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({
      path: join(folder, `${name}.png`),
      fullPage: true,
    });
  }

  async close(): Promise<void> {
    await this.chromium.close();
  }
}
