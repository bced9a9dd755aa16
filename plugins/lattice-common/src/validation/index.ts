export * from './checkFleet';
export * from './checkMember';
export * from './checkPackage';
export * from './findDependencyCycles';
export * from './names';
export * from './repository';
export * from './violation';
