export * from './clusterSchema';
export * from './readLatticeConfig';
