import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { renderClientSchema } from '../../scripts/renderClientSchema';
import {
  ClusterResult,
  ClusterRow,
  DetailAnswer,
  EdgeView,
  ListAnswer,
  MemberDetail,
  MemberSummary,
  PackageDetail,
  PackageStage,
  PackageSummary,
  SecretRow,
} from '../views/views';
import { ClusterList } from './LatticeApi';
import { latticeOpenApiDocument } from './openApiDocument';
import { components } from './schema.gen';

type Immutable<T> = T extends (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
  ? { readonly [Key in keyof T]: Immutable<T[Key]> }
  : T;
type Schemas = Immutable<components['schemas']>;
type Agree<Left, Right> = [Left] extends [Right]
  ? [Right] extends [Left]
    ? true
    : false
  : false;

/** Does not compile when a view and its schema differ. */
const agreements: readonly true[] = [
  true satisfies Agree<PackageSummary, Schemas['PackageSummary']>,
  true satisfies Agree<PackageDetail, Schemas['PackageDetail']>,
  true satisfies Agree<PackageStage, Schemas['PackageStage']>,
  true satisfies Agree<SecretRow, Schemas['SecretRow']>,
  true satisfies Agree<MemberSummary, Schemas['MemberSummary']>,
  true satisfies Agree<MemberDetail, Schemas['MemberDetail']>,
  true satisfies Agree<EdgeView, Schemas['EdgeView']>,
  true satisfies Agree<ClusterResult, Schemas['ClusterResult']>,
  true satisfies Agree<ClusterRow, Schemas['ClusterRow']>,
  true satisfies Agree<ClusterList, Schemas['ClusterList']>,
  true satisfies Agree<ListAnswer<PackageSummary>, Schemas['PackageList']>,
  true satisfies Agree<DetailAnswer<PackageDetail>, Schemas['PackageAnswer']>,
  true satisfies Agree<ListAnswer<MemberSummary>, Schemas['MemberList']>,
  true satisfies Agree<DetailAnswer<MemberDetail>, Schemas['MemberAnswer']>,
];

describe('the generated client schema', () => {
  it('agrees with the views', () => {
    expect(agreements).not.toContain(false);
  });

  it('is what the document generates (run `yarn generate:openapi`)', async () => {
    const written = await readFile(resolve(__dirname, 'schema.gen.ts'), 'utf8');
    expect(written).toBe(await renderClientSchema(latticeOpenApiDocument));
  });
});
