export * from './checkMember';
export * from './checkPackage';
export * from './names';
export * from './repository';
export * from './violation';
