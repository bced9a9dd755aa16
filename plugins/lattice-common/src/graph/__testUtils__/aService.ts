import { LatticeMember } from '../../api/memberModel';
import { JsonObject } from '../../api/object';
import { parseService } from '../../api/parseService';
import { aKey } from './aMember';

/** A LatticeService as somebody writes it, with these resources. */
export function aService(
  key: string,
  resources: Record<string, JsonObject> = {},
): LatticeMember {
  const parsed = parseService({
    apiVersion: 'lattice.dev/v1alpha1',
    kind: 'LatticeService',
    metadata: { ...aKey(key), uid: `uid-LatticeService-${key}` },
    spec: {
      workload: {
        service: { ports: { http: { port: 80, targetPort: 8080 } } },
        resources,
      },
    },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}
