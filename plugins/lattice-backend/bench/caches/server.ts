/** A simulated cluster in a process of its own, so that only the watching process is measured. */
import { KINDS } from '../../src/clusters/kinds';
import {
  answerJson,
  ScriptedApiServer,
} from '../../src/clusters/ScriptedApiServer';
import { aPackage, aPod, collectionOf, SERVED } from './fleet';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

async function main(): Promise<void> {
  const [packages, pods] = process.argv.slice(2).map(Number);
  const server = await ScriptedApiServer.start();
  SERVED.forEach(kind => server.serve(collectionOf(kind)));
  server.serve(DEFINITIONS);
  const identity = () =>
    server.once((request, response) => {
      if (request.url.pathname !== '/api/v1/namespaces/kube-system') {
        return false;
      }
      identity();
      const uid = `uid-of-${server.url}`;
      return answerJson(response, 200, { metadata: { uid } });
    });
  identity();
  const packagesAt = collectionOf(KINDS.LatticePackage);
  const podsAt = collectionOf(KINDS.Pod);
  for (let index = 0; index < packages; index += 1) {
    server.put(packagesAt, aPackage(index));
  }
  for (let index = 0; index < pods; index += 1) {
    server.put(podsAt, aPod(index));
  }
  server.compact();
  process.on('message', (message: { change?: number; relist?: true }) => {
    if (message.change !== undefined) {
      server.put(packagesAt, aPackage(message.change));
    }
    if (message.relist) {
      server.compact();
      server.endWatches();
    }
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ url: server.url });
}

void main();
