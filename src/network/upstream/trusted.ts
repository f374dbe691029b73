import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

let made: { context: SecureContext | undefined } | null = null;

/** Whom to trust besides Node's own list: the file of NODE_EXTRA_CA_CERTS. Node reads it at its start if
 * the variable is there then, and for that needs longer than for all the rest, so srt's Node is started
 * without (native/front/node.c). undefined: nobody else. */
export function trusted(file = process.env.NODE_EXTRA_CA_CERTS): SecureContext | undefined {
  made ??= { context: contextOf(file) };
  return made.context;
}

/** One that cannot be read is none, as with Node. */
function contextOf(file: string | undefined): SecureContext | undefined {
  if (!file) return undefined;
  try {
    return createSecureContext({ ca: [...rootCertificates, readFileSync(file, 'utf8')] });
  } catch {
    return undefined;
  }
}
