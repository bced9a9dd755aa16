import { parse } from 'yaml';
import {
  aMemberManifest,
  aPackageManifest,
  CHAPTER_MEMBER,
  CHAPTER_PACKAGE,
} from '../testing/manifests';
import { findUnknownFields } from './unknownFields';

describe('findUnknownFields', () => {
  it('finds none in the chapter', () => {
    expect(findUnknownFields('LatticePackage', parse(CHAPTER_PACKAGE))).toEqual(
      [],
    );
    expect(
      findUnknownFields('LatticeMeshMember', parse(CHAPTER_MEMBER)),
    ).toEqual([]);
  });

  it('finds misspelt fields, and leaves values and labels alone', () => {
    const manifest = aPackageManifest({
      spec: {
        chrat: {},
        chart: { verison: '1' },
        values: { anything: { goes: 1 } },
        resources: { creds: { type: 'secret', param: {} } },
      },
    });
    expect(
      findUnknownFields('LatticePackage', manifest).map(({ path }) => path),
    ).toEqual([
      'spec.chart.verison',
      'spec.chrat',
      'spec.resources.creds.param',
    ]);
  });

  it('looks into lists', () => {
    const manifest = aMemberManifest({
      spec: { ports: [{ port: 1, name: 'a', peerauth: 'Strict' }] },
    });
    expect(
      findUnknownFields('LatticeMeshMember', manifest).map(({ path }) => path),
    ).toEqual(['spec.ports[0].peerauth']);
  });

  it('says nothing of kinds that it does not know, or of what is no object', () => {
    expect(findUnknownFields('LatticeService', { spec: { x: 1 } })).toEqual([]);
    expect(findUnknownFields('LatticePackage', 'x')).toEqual([]);
  });
});
