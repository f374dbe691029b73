import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may use a proxy that every program of this machine can connect to. */
export interface Guard {
  /** By the value of Proxy-Authorization (RFC 7617), where there was one. */
  admitsHeader(value: string | undefined): boolean;
  /** By user name and password (RFC 1929). */
  admits(user: Buffer, password: Buffer): boolean;
}

/** The user name that goes with a token; clients must give one, and nobody chooses it. */
export const GATE_USER = 'srt';

/** Admits who knows the token of the run, and takes as long for every other. */
export function createGuard(token: string): Guard {
  const expected = digest(Buffer.from(`${GATE_USER}:${token}`));
  const isExpected = (credentials: Buffer) => timingSafeEqual(digest(credentials), expected);
  return {
    admitsHeader(value = '') {
      const encoded = /^basic +([\w+/=-]+) *$/i.exec(value)?.[1] ?? '';
      return isExpected(Buffer.from(encoded, 'base64'));
    },
    admits: (user, password) => isExpected(Buffer.concat([user, Buffer.from(':'), password])),
  };
}

/** Of one length whatever was given, which the comparison needs. */
function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
