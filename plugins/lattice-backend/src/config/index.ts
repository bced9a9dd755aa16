export * from './readLatticeConfig';
