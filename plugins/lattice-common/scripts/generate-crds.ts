/* Writes deploy/crds from the schemas; run by `yarn generate:crds`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderCrds } from '../src/crds/renderCrds';

const folder = join(__dirname, '../../../deploy/crds');
mkdirSync(folder, { recursive: true });
for (const [file, text] of Object.entries(renderCrds())) {
  writeFileSync(join(folder, file), text);
  process.stdout.write(`deploy/crds/${file}\n`);
}
