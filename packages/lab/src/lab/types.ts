import type { PartQueue } from '../parts/PartQueue.ts';
import type { Log } from '../parts/types.ts';
import type { Supervisor } from '../processes/Supervisor.ts';
import type { CertificateAuthority } from '../certificates/CertificateAuthority.ts';

/** What can be started separately; `forge` brings Gitea, `delivery` what applies its main branch to the cluster. */
export type LabPart =
  | 'cluster'
  | 'registry'
  | 'external-secrets'
  | 'forge'
  | 'delivery'
  /** The older Helm major; only makes its binary available. */
  | 'helm3';

/** Everything a part's start function needs; one per lab. */
export type LabContext = {
  /** Random, different for each lab. */
  id: string;
  /** Folder of this lab alone. */
  dir: string;
  env: NodeJS.ProcessEnv;
  log: Log;
  supervisor: Supervisor;
  authority: CertificateAuthority;
  /** What has to be built or fetched. */
  parts: PartQueue;
  /** Told when a process ends that was ready before. */
  onUnexpectedExit: (name: string, reason: string) => void;
};

/** Where the registry is and whom to trust. */
export type RegistryInfo = { url: string; caFile: string };

/** Where the forge is and how to act on it. `repository` is `owner/name`. */
export type ForgeInfo = {
  url: string;
  user: string;
  token: string;
  repository: string;
};

/** Content of `lab.json`; the optional blocks are added by whoever starts the portal. */
export type LabFile = {
  kubeconfig: string;
  kubectl: string;
  helm: { '3'?: string; '4'?: string };
  registry: RegistryInfo;
  forge: ForgeInfo;
  auditLog: string;
  portal?: { url: string };
  backend?: { url: string; token: string };
  webhook?: { url: string; caFile: string };
};
