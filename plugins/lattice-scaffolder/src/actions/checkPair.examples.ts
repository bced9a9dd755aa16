import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

/** Executed by the tests as they stand. */
export const examples: TemplateExample[] = [
  {
    description:
      'Check what an earlier step wrote, and compare it with the chart',
    example: stringify({
      steps: [
        {
          id: 'check',
          action: 'lattice:pair:check',
          name: 'Check the pair',
          input: {
            path: 'clusters/lab/data/redis',
            workloads: [
              {
                kind: 'StatefulSet',
                name: 'redis',
                labels: { app: 'redis' },
                ports: [{ port: 6379, name: 'redis' }],
                serviceAccount: 'redis',
              },
            ],
          },
        },
      ],
    }),
  },
];
