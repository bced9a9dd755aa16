import { join } from 'node:path';

/** Metadata of every request and no body: enough to prove who wrote what when, and no secret ever lands in it. */
export const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
`;

/** Arguments of etcd: loopback and client certificates only, nothing synced to disk for a database that lives minutes. */
export function etcdArguments(options: {
  dir: string;
  etcdPort: number;
  peerPort: number;
}): string[] {
  const { dir, etcdPort, peerPort } = options;
  const url = `https://127.0.0.1:${etcdPort}`;
  const peerUrl = `http://127.0.0.1:${peerPort}`;
  return [
    '--name=lab',
    `--data-dir=${join(dir, 'etcd')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=lab=${peerUrl}`,
    `--cert-file=${join(dir, 'etcd.crt')}`,
    `--key-file=${join(dir, 'etcd.key')}`,
    `--trusted-ca-file=${join(dir, 'ca.crt')}`,
    '--client-cert-auth=true',
    '--unsafe-no-fsync=true',
    '--log-level=warn',
  ];
}

/** Arguments of the API server. */
export function apiServerArguments(options: {
  dir: string;
  etcdPort: number;
  apiPort: number;
  auditLog: string;
}): string[] {
  const { dir, etcdPort, apiPort, auditLog } = options;
  return [
    `--etcd-servers=https://127.0.0.1:${etcdPort}`,
    `--etcd-cafile=${join(dir, 'ca.crt')}`,
    `--etcd-certfile=${join(dir, 'etcd.crt')}`,
    `--etcd-keyfile=${join(dir, 'etcd.key')}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${apiPort}`,
    `--tls-cert-file=${join(dir, 'apiserver.crt')}`,
    `--tls-private-key-file=${join(dir, 'apiserver.key')}`,
    `--client-ca-file=${join(dir, 'ca.crt')}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    `--service-account-key-file=${join(dir, 'sa.pub')}`,
    `--service-account-signing-key-file=${join(dir, 'sa.key')}`,
    `--service-account-issuer=https://127.0.0.1:${apiPort}`,
    '--authorization-mode=RBAC',
    '--allow-privileged=true',
    '--endpoint-reconciler-type=none',
    `--audit-policy-file=${join(dir, 'audit-policy.yaml')}`,
    `--audit-log-path=${auditLog}`,
    '--audit-log-maxsize=200',
    '--audit-log-maxbackup=1',
  ];
}
