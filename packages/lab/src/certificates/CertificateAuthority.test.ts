import { X509Certificate } from 'node:crypto';
import { CertificateAuthority } from './CertificateAuthority';

describe('CertificateAuthority', () => {
  it('issues certificates for hosts that its own certificate vouches for', async () => {
    const authority = await CertificateAuthority.create('test');
    const { certificate, key } = await authority.issue({
      commonName: 'server',
      hosts: ['127.0.0.1', 'localhost'],
    });
    const issued = new X509Certificate(certificate);
    const root = new X509Certificate(authority.certificate);
    expect(issued.verify(root.publicKey)).toBe(true);
    expect(issued.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(issued.checkHost('localhost')).toBe('localhost');
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });

  it('shares nothing with another lab', async () => {
    const [one, other] = await Promise.all([
      CertificateAuthority.create('one'),
      CertificateAuthority.create('other'),
    ]);
    const { certificate } = await one.issue({
      commonName: 'me',
      organization: 'system:masters',
    });
    const issued = new X509Certificate(certificate);
    expect(issued.subject).toBe('CN=me\nO=system:masters');
    expect(
      issued.verify(new X509Certificate(other.certificate).publicKey),
    ).toBe(false);
  });
});
