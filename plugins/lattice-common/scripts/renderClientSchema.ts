import type { OpenAPI3 } from 'openapi-typescript';
import openapiTS, { astToString } from 'openapi-typescript';

const HEADER = `/* eslint-disable */
// Generated from openApiDocument.ts by \`yarn generate:openapi\`. Do not edit.

`;

/** The text of `src/client/schema.gen.ts` for a document. */
export async function renderClientSchema(document: object): Promise<string> {
  const nodes = await openapiTS(structuredClone(document) as OpenAPI3, {
    alphabetize: true,
  });
  return HEADER + astToString(nodes);
}
