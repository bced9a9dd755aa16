import { createApiMock } from '@backstage/frontend-test-utils';
import { latticeApiRef } from '../apis';

/** A mock of the backend's answers, to be handed to `apis`. */
export const mockLatticeApi = createApiMock(latticeApiRef, () => ({
  listPackages: jest.fn(),
  getPackage: jest.fn(),
  listMembers: jest.fn(),
  getMember: jest.fn(),
  listClusters: jest.fn(),
}));
