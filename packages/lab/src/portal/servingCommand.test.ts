import { checkoutDir } from '../parts/paths.ts';
import { servingCommand } from './servingCommand.ts';

const root = checkoutDir();

describe('servingCommand', () => {
  it('runs the backend alone when it serves the built app', () => {
    const { args, cwd } = servingCommand({
      root,
      isHot: false,
      configFiles: ['a.yaml', 'b.yaml'],
    });
    expect(cwd).toBe(`${root}/packages/backend`);
    expect(args.slice(-5)).toEqual([
      `${root}/packages/backend/src/index.ts`,
      '--config',
      'a.yaml',
      '--config',
      'b.yaml',
    ]);
  });

  it('runs app and backend with reload, on the same configuration', () => {
    const { args, cwd } = servingCommand({
      root,
      isHot: true,
      configFiles: ['a.yaml'],
    });
    expect(cwd).toBe(root);
    expect(args.slice(1)).toEqual(['repo', 'start', '--config', 'a.yaml']);
  });
});
