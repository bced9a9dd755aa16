import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

/** Executed by the tests as they stand. */
export const examples: TemplateExample[] = [
  {
    description: 'Redis with a secret by reference, open to two services',
    example: stringify({
      steps: [
        {
          id: 'generate',
          action: 'lattice:pair:generate',
          name: 'Write package and mesh member',
          input: {
            cluster: 'lab',
            namespace: 'data',
            name: 'redis',
            owner: 'group:default/data',
            repository: 'oci://registry.example.com/charts',
            chart: 'redis',
            version: '18.4.0',
            values: {
              replicas: 3,
              auth: {
                enabled: true,
                password: '${resources.redis.auth-token}',
              },
            },
            secrets: [{ resource: 'redis', keys: ['auth-token'] }],
            ports: [{ port: 6379, name: 'redis', peerAuth: 'Strict' }],
            selector: { app: 'redis' },
            allowedCallers: [
              { namespace: 'commerce', name: 'checkout' },
              { namespace: 'commerce', name: 'inventory' },
            ],
            dependencies: [],
            repoUrl: 'forge.example.com?owner=data&repo=deploy',
          },
        },
      ],
    }),
  },
  {
    description: 'Values as YAML text, everything else by default',
    example: stringify({
      steps: [
        {
          id: 'generate',
          action: 'lattice:pair:generate',
          name: 'Write package and mesh member',
          input: {
            cluster: 'lab',
            namespace: 'data',
            name: 'cache',
            repository: 'oci://registry.example.com/charts',
            chart: 'redis',
            version: '18.4.0',
            values: 'replicas: 1\n',
            repoUrl: 'https://forge.example.com/data/deploy',
          },
        },
      ],
    }),
  },
];
