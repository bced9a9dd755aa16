import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const VALID_DAYS = 365;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Certificates start in the past, so that a clock that is a little behind accepts them. */
const BACKDATE_MS = 60 * 60 * 1000;

type KeyPair = CryptoKeyPair;

const { crypto } = globalThis;

/** A certificate and its private key, PEM. */
export type Issued = { certificate: string; key: string };

/** Who a certificate is for. */
export type CertificateRequest = {
  commonName: string;
  /** A Kubernetes group for a client certificate. */
  organization?: string;
  /** DNS names and IP addresses; present makes it a server certificate. */
  hosts?: string[];
};

/** Signs the certificates of one lab; lives in memory and dies with it. */
export class CertificateAuthority {
  private readonly keys: KeyPair;
  private readonly root: x509.X509Certificate;

  private constructor(keys: KeyPair, root: x509.X509Certificate) {
    this.keys = keys;
    this.root = root;
  }

  /** A new authority with a key of its own. */
  static async create(name: string): Promise<CertificateAuthority> {
    const keys = await newKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned(
      {
        serialNumber: serialNumber(),
        name: [{ CN: [name] }],
        ...validity(),
        keys,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new x509.BasicConstraintsExtension(true, undefined, true),
          new x509.KeyUsagesExtension(
            x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
            true,
          ),
          await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        ],
      },
      crypto,
    );
    return new CertificateAuthority(keys, root);
  }

  /** The authority's own certificate, PEM. */
  get certificate(): string {
    return pem(this.root);
  }

  /** Issues a certificate for servers (with hosts) and clients. */
  async issue(request: CertificateRequest): Promise<Issued> {
    const keys = await newKeys();
    const { commonName, organization, hosts } = request;
    const usages = [x509.ExtendedKeyUsage.clientAuth];
    if (hosts) {
      usages.push(x509.ExtendedKeyUsage.serverAuth);
    }
    const certificate = await x509.X509CertificateGenerator.create(
      {
        serialNumber: serialNumber(),
        subject: [
          { CN: [commonName] },
          ...(organization ? [{ O: [organization] }] : []),
        ],
        issuer: this.root.subjectName,
        ...validity(),
        publicKey: keys.publicKey,
        signingKey: this.keys.privateKey,
        signingAlgorithm: ALGORITHM,
        extensions: [
          new x509.KeyUsagesExtension(
            x509.KeyUsageFlags.digitalSignature,
            true,
          ),
          new x509.ExtendedKeyUsageExtension(usages),
          await x509.AuthorityKeyIdentifierExtension.create(
            this.keys.publicKey,
          ),
          ...(hosts
            ? [
                new x509.SubjectAlternativeNameExtension(
                  hosts.map(alternativeName),
                ),
              ]
            : []),
        ],
      },
      crypto,
    );
    return { certificate: pem(certificate), key: await privateKeyPem(keys) };
  }
}

/** A key pair that signs service account tokens, PEM. */
export async function newSigningKey(): Promise<{
  publicKey: string;
  privateKey: string;
}> {
  const keys = await newKeys();
  const spki = await crypto.subtle.exportKey('spki', keys.publicKey);
  return {
    publicKey: `${x509.PemConverter.encode(spki, 'PUBLIC KEY')}\n`,
    privateKey: await privateKeyPem(keys),
  };
}

async function newKeys(): Promise<KeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function privateKeyPem(keys: KeyPair): Promise<string> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return `${x509.PemConverter.encode(pkcs8, 'PRIVATE KEY')}\n`;
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}

function serialNumber(): string {
  // The first byte stays below 0x80 and above 0, so that the number is positive and of constant length.
  return `01${randomBytes(15).toString('hex')}`;
}

function validity(): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return {
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(now + VALID_DAYS * DAY_MS),
  };
}

function alternativeName(host: string): { type: 'ip' | 'dns'; value: string } {
  return { type: /^[\d.]+$|:/.test(host) ? 'ip' : 'dns', value: host };
}
