/** Frames of the control channel between srt and srt-init; native/message.h is the other half.
 * Pure: bytes to values and back. */
import type { ServedListener } from '../boundary.ts';
import { encode, TEXT_OVERHEAD } from '../compile/encode.ts';
import { type MountOrder, sizeOfMounts, writeMounts } from './encode-mounts.ts';
import { type InitMessage, readMessage } from './init-messages.ts';

const PROTOCOL_VERSION = 6;

const Type = { start: 1, signal: 2, verdict: 3, dial: 4, go: 5 } as const;

/** The longest frame srt-init sends: a type byte and a refusal with two paths (native/message.h). */
const MAX_INCOMING = 8301;

/** native/message.h, enum listener_kind. */
const KINDS: readonly ServedListener['kind'][] = ['tcp', 'udp', 'gateway'];

export interface StartInstructions {
  uid: number;
  gid: number;
  /** Whether connects to elsewhere than the sandbox's loopback are srt's to decide. */
  mediate: boolean;
  /** What srt-init opens on the sandbox's loopback; a gateway on ::1 too. */
  listeners: readonly Pick<ServedListener, 'kind' | 'port'>[];
  /** The first is the root. */
  mounts: readonly MountOrder[];
  cwd: string;
  /** Arguments and `NAME=value` entries without NUL bytes, in bytes. */
  argv: readonly Buffer[];
  env: readonly Buffer[];
  /** What changes of files are decided by (encode-names.ts), or null where they are not; whether the
   * command must not start where that cannot be had. */
  names: { rules: Buffer; required: boolean } | null;
  /** Unix sockets outside that may be connected to: absolute paths, each with what is beneath. */
  sockets: readonly string[];
}

export function encodeStart(instructions: StartInstructions): Buffer {
  const { uid, gid, mediate, listeners, mounts, cwd, argv, env, names } = instructions;
  const sockets = instructions.sockets.map((path) => Buffer.from(path));
  const strings = [Buffer.from(cwd), ...argv, ...env, ...sockets];
  const text = strings.reduce((sum, { length }) => sum + length + TEXT_OVERHEAD, 0);
  const rules = names?.rules ?? Buffer.alloc(4);
  const head = 5 + 3 * 4 + 1 + 4 + 3 * listeners.length;
  const size = head + sizeOfMounts(mounts) + 3 * 4 + text + 1 + rules.length;
  return encode(size, (out) => {
    out.u32(size - 4);
    out.u8(Type.start);
    for (const value of [PROTOCOL_VERSION, uid, gid]) out.u32(value);
    out.u8(mediate ? 1 : 0);
    out.u32(listeners.length);
    for (const { kind, port } of listeners) {
      out.u8(KINDS.indexOf(kind));
      out.u16(port);
    }
    writeMounts(out, mounts);
    out.text(Buffer.from(cwd));
    for (const list of [argv, env]) {
      out.u32(list.length);
      for (const entry of list) out.text(entry);
    }
    out.u8(names === null ? 0 : names.required ? 2 : 1);
    out.bytes(rules);
    out.u32(sockets.length);
    for (const path of sockets) out.text(path);
  });
}

/** Says that START is complete. */
export const GO = Buffer.from([1, 0, 0, 0, Type.go]);

export function encodeSignal(signal: number): Buffer {
  return Buffer.from([2, 0, 0, 0, Type.signal, signal]);
}

/** The answer to a connect: an errno for its caller, or 0 to let it go to the gateway. */
export function encodeVerdict(id: number, errno: number): Buffer {
  return encode(13, (out) => {
    out.u32(9);
    out.u8(Type.verdict);
    out.u32(id);
    out.u32(errno);
  });
}

/** Asks for a connection to a port of the sandbox's loopback. */
export function encodeDial(id: number, port: number): Buffer {
  return encode(11, (out) => {
    out.u32(7);
    out.u8(Type.dial);
    out.u32(id);
    out.u16(port);
  });
}

export interface Decoded {
  messages: InitMessage[];
  /** What bubblewrap printed: from where no frame begins to the end. */
  text: string;
  /** The start of a frame that is not whole yet. */
  rest: Buffer;
}

/** Takes whole messages off the front of `bytes`. Throws on a frame that srt-init never sends. */
export function decodeFrames(bytes: Buffer): Decoded {
  const messages: InitMessage[] = [];
  let rest = bytes;
  while (rest.length >= 4) {
    const size = rest.readUInt32LE(0);
    if (size < 1 || size > MAX_INCOMING)
      return { messages, text: rest.toString('utf8'), rest: Buffer.alloc(0) };
    if (rest.length < 4 + size) break;
    messages.push(readMessage(rest[4] ?? 0, rest.subarray(5, 4 + size)));
    rest = rest.subarray(4 + size);
  }
  return { messages, text: '', rest };
}
