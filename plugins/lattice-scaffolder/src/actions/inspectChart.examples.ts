import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

/** Executed by the tests as they stand. */
export const examples: TemplateExample[] = [
  {
    description: 'Look into a chart before its package is written',
    example: stringify({
      steps: [
        {
          id: 'inspect',
          action: 'lattice:chart:inspect',
          name: 'Look into the chart',
          input: {
            repository: 'oci://registry.example.com/charts',
            chart: 'redis',
            version: '18.4.0',
            name: 'redis',
            namespace: 'data',
            values: {
              auth: {
                enabled: true,
                password: '${resources.redis.auth-token}',
              },
            },
          },
        },
      ],
    }),
  },
];
