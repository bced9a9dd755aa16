import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { latticeOpenApiDocument } from '../src/client/openApiDocument';
import { renderClientSchema } from './renderClientSchema';

async function main(): Promise<void> {
  await writeFile(
    resolve(__dirname, '../src/client/schema.gen.ts'),
    await renderClientSchema(latticeOpenApiDocument),
  );
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
});
