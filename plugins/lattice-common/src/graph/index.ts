export * from './AgreementGraph';
export * from './types';
