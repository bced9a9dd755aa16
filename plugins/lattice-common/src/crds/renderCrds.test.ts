/**
 * @jest-environment node
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderCrds } from './renderCrds';

const folder = join(__dirname, '../../../../deploy/crds');

describe('deploy/crds', () => {
  it('holds what the schemas say; else run generate:crds', () => {
    const onDisk = Object.fromEntries(
      readdirSync(folder).map(file => [
        file,
        readFileSync(join(folder, file), 'utf8'),
      ]),
    );
    expect(onDisk).toEqual(renderCrds());
  });
});
