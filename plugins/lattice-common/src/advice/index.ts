export * from './decisionAid';
export * from './decisionQuestions';
export * from './gapReport';
export * from './promotionCandidates';
