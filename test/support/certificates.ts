/* An authority of the test's own, and a server that it vouches for: made by openssl, trusted by
 * nobody who is not told to. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Scratch } from './srt.ts';

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

export interface Certificates {
  /** The path of the authority's certificate. */
  authority: string;
  /** The server's, as Node's servers take them. */
  key: string;
  cert: string;
}

/** Python 3.13 is strict about the extensions. */
const CONFIGURATION = (names: readonly string[]) => `
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = ${names.join(', ')}
`;

/** `names` as in a certificate: "DNS:named.test", "IP:127.0.0.1". */
export function makeCertificates(dir: Scratch, names: readonly string[]): Certificates {
  const config = dir.file('openssl.cnf', CONFIGURATION(names));
  const at = (name: string) => join(dir.path, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'pipe' });
  const request = (who: string, ...words: string[]) =>
    openssl(
      ...['req', '-new', '-config', config, '-subj', `/CN=${who} of a test`, '-nodes'],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-keyout', at(`${who}.key`), ...words],
    );
  const authority = at('authority.pem');
  request('authority', '-x509', '-days', '2', '-extensions', 'authority', '-out', authority);
  request('server', '-out', at('server.csr'));
  openssl(
    ...['x509', '-req', '-days', '2', '-in', at('server.csr'), '-out', at('server.pem')],
    ...['-CA', authority, '-CAkey', at('authority.key'), '-CAcreateserial'],
    ...['-extfile', config, '-extensions', 'server'],
  );
  return {
    authority,
    key: readFileSync(at('server.key'), 'utf8'),
    cert: readFileSync(at('server.pem'), 'utf8'),
  };
}
