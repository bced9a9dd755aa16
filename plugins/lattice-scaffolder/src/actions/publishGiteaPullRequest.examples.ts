import { TemplateExample } from '@backstage/plugin-scaffolder-node';
import { stringify } from 'yaml';

/** Executed by the tests as they stand. */
export const examples: TemplateExample[] = [
  {
    description: 'Propose the files of one folder',
    example: stringify({
      steps: [
        {
          id: 'publish',
          action: 'publish:gitea:pull-request',
          name: 'Open the pull request',
          input: {
            repoUrl: 'forge.example.com?owner=data&repo=deploy',
            branchName: 'lattice/lab/data/redis',
            title: 'Add redis to data on lab',
            description: 'Adds a package and its mesh member.',
            sourcePath: 'clusters/lab/data/redis',
          },
        },
      ],
    }),
  },
  {
    description:
      'Into another branch and folder, leaving an open pull request as it is',
    example: stringify({
      steps: [
        {
          id: 'publish',
          action: 'publish:gitea:pull-request',
          name: 'Open the pull request',
          input: {
            repoUrl: 'https://forge.example.com/data/deploy',
            branchName: 'lattice/staging/data/redis',
            targetBranchName: 'staging',
            title: 'Add redis to data on staging',
            description: 'Adds a package and its mesh member.',
            commitMessage: 'Add redis',
            sourcePath: 'clusters/lab/data/redis',
            targetPath: 'clusters/staging/data/redis',
            update: false,
          },
        },
      ],
    }),
  },
];
