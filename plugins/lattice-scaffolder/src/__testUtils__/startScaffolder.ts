import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import scaffolderPlugin from '@backstage/plugin-scaffolder-backend';
import { JsonObject } from '@backstage/types';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { scaffolderModuleLattice } from '../module';

/** The shipped template, as the catalog would hold it. */
export const TEMPLATE: Entity = parse(
  readFileSync(
    join(__dirname, '../../templates/lattice-package/template.yaml'),
    'utf8',
  ),
);
export const TEMPLATE_REF = 'template:default/lattice-package';

/** How a task ended. */
export interface TaskEnd {
  readonly end: JsonObject;
  /** Everything that was said on the way. */
  readonly log: string;
}

/** A real scaffolder backend with the module and the template. */
export interface TestScaffolder {
  ask<T>(path: string, body?: unknown): Promise<T>;
  /** Runs the template to its end, whatever that is. */
  runTemplate(values: object): Promise<TaskEnd>;
  stop(): Promise<void>;
}

/** Starts it with an in-memory database; `config` holds `integrations` and `lattice`. */
export async function startScaffolder(
  config: JsonObject,
): Promise<TestScaffolder> {
  const backend = await startTestBackend({
    features: [
      scaffolderPlugin,
      scaffolderModuleLattice,
      catalogServiceMock.factory({ entities: [TEMPLATE] }),
      mockServices.rootConfig.factory({
        data: {
          ...config,
          backend: {
            baseUrl: 'http://127.0.0.1',
            database: { client: 'better-sqlite3', connection: ':memory:' },
          },
        },
      }),
    ],
  });
  const { port } = backend.server.address() as { port: number };
  const base = `http://127.0.0.1:${port}/api/scaffolder/v2`;

  async function ask<T>(path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${base}/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        'content-type': 'application/json',
        authorization: mockCredentials.user.header('user:default/mock'),
      },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${response.status} ${text}`);
    }
    return JSON.parse(text);
  }

  return {
    ask,
    stop: async () => {
      await backend.stop();
    },
    runTemplate: async values => {
      const { id } = await ask<{ id: string }>('tasks', {
        templateRef: TEMPLATE_REF,
        values,
      });
      for (;;) {
        const events = await ask<{ type: string; body: JsonObject }[]>(
          `tasks/${id}/events`,
        );
        const end = events.find(event => event.type === 'completion');
        if (end) {
          return { end: end.body, log: JSON.stringify(events) };
        }
        await new Promise(done => setTimeout(done, 50));
      }
    },
  };
}
