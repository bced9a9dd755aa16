import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspectAppBuild, stampAppBuild } from './appBuild.ts';

async function aCheckout(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'app-build-'));
  await mkdir(join(root, 'packages/app/src'), { recursive: true });
  await mkdir(join(root, 'packages/app/dist'), { recursive: true });
  await writeFile(join(root, 'packages/app/src/App.tsx'), 'one');
  return root;
}

describe('inspectAppBuild', () => {
  it('calls a checkout without a build stale', async () => {
    const root = await aCheckout();
    expect((await inspectAppBuild(root)).isStale).toBe(true);
  });

  it('keeps a build until a byte of its inputs changes', async () => {
    const root = await aCheckout();
    await stampAppBuild(root, (await inspectAppBuild(root)).digest);
    expect((await inspectAppBuild(root)).isStale).toBe(false);

    await writeFile(join(root, 'packages/app/src/App.tsx'), 'two');
    expect((await inspectAppBuild(root)).isStale).toBe(true);
  });

  it('does not build again for a changed test', async () => {
    const root = await aCheckout();
    await stampAppBuild(root, (await inspectAppBuild(root)).digest);
    await writeFile(join(root, 'packages/app/src/App.test.tsx'), 'test');
    expect((await inspectAppBuild(root)).isStale).toBe(false);
  });
});
