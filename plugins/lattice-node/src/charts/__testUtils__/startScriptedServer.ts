import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as x509 from '@peculiar/x509';

/** What the scripted server says to one request. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** A real HTTPS server on loopback whose answers a test writes. */
export interface ScriptedServer {
  readonly host: string;
  readonly caFile: string;
  readonly directory: string;
  /** `METHOD path authorization` of every request so far. */
  readonly requests: string[];
  stop(): Promise<void>;
}

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;
let shared: Promise<Certificate> | undefined;

async function makeCertificate(): Promise<Certificate> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, [
    'sign',
    'verify',
  ]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=scripted',
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true),
      new x509.SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    cert: certificate.toString('pem'),
    key: x509.PemConverter.encode(key, 'PRIVATE KEY'),
  };
}

/** Starts a server that answers as told; `undefined` is a 404. */
export async function startScriptedServer(
  answer: (
    path: string,
    request: IncomingMessage,
  ) => ScriptedAnswer | undefined,
): Promise<ScriptedServer> {
  const certificate = await (shared ??= makeCertificate());
  const directory = await mkdtemp(path.join(tmpdir(), 'lattice-charts-'));
  const caFile = path.join(directory, 'ca.pem');
  await writeFile(caFile, certificate.cert);
  const requests: string[] = [];
  const server = createServer(
    { key: certificate.key, cert: certificate.cert },
    (request, response) => {
      const url = request.url ?? '/';
      requests.push(
        `${request.method} ${url} ${request.headers.authorization ?? '-'}`,
      );
      const told = answer(url, request) ?? { status: 404 };
      response.writeHead(told.status ?? 200, told.headers);
      response.end(told.body ?? '');
    },
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    caFile,
    directory,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
