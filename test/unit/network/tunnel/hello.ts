/* ClientHellos, written by hand so that they can be wrong in any place. */

import { Duplex } from 'node:stream';
import { connect } from 'node:tls';

export const vector = (
  size: 1 | 2 | 3,
  ...parts: (Buffer | string | readonly number[])[]
): Buffer => {
  const inner = Buffer.concat(parts.map((part) => Buffer.from(part as Buffer)));
  const length = Buffer.alloc(size);
  length.writeUIntBE(inner.length, 0, size);
  return Buffer.concat([length, inner]);
};

export const extension = (type: number, ...data: (Buffer | string)[]): Buffer =>
  Buffer.concat([Buffer.from([type >> 8, type & 255]), vector(2, ...data)]);

/** One entry of a ServerNameList. */
export const entry = (name: string | Buffer, type = 0): Buffer =>
  Buffer.concat([Buffer.from([type]), vector(2, name)]);

export const serverName = (...entries: Buffer[]): Buffer => extension(0, vector(2, ...entries));

export const GROUPS = extension(10, Buffer.from([0, 2, 0, 29]));

/** The message with its header. Null for no extensions at all. */
export function message(extensions: readonly Buffer[] | null): Buffer {
  const body = [
    Buffer.from([3, 3]),
    Buffer.alloc(32, 7),
    vector(1, Buffer.alloc(32, 9)),
    vector(2, [0x13, 1, 0xc0, 0x2f]),
    vector(1, [0]),
    ...(extensions ? [vector(2, ...extensions)] : []),
  ];
  return Buffer.concat([Buffer.from([1]), vector(3, ...body)]);
}

/** A message over records of at most so many bytes. */
export function records(bytes: Buffer, size = 16384, type = 22): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size)
    parts.push(Buffer.from([type, 3, 1]), vector(2, bytes.subarray(at, at + size)));
  return Buffer.concat(parts);
}

/** A ClientHello for this name, or without one. */
export function hello(name: string | null, size?: number): Buffer {
  const extensions = name === null ? [GROUPS] : [GROUPS, serverName(entry(name)), extension(23)];
  return records(message(extensions), size);
}

/** What Node's own TLS says first. */
export function realHello(servername: string | undefined): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = new Duplex({
      read() {},
      write(chunk: Buffer) {
        resolve(chunk);
        setImmediate(() => secure.destroy());
      },
    });
    const secure = connect({ socket, ...(servername ? { servername } : {}) });
    secure.on('error', () => {});
  });
}
