/** Frames of the control channel between srt and srt-init; native/message.h is the other half.
 * Pure: bytes to values and back. */
import type { ServedListener } from '../boundary.ts';
import type { Placement } from '../compile/bubblewrap/placements.ts';
import { type InitMessage, readMessage } from './init-messages.ts';

const PROTOCOL_VERSION = 3;

const Type = { start: 1, signal: 2, verdict: 3, dial: 4 } as const;

/** The longest frame srt-init sends: a type byte and a failure of 200 bytes. */
const MAX_INCOMING = 1024;

/** native/message.h, enum listener_kind. */
const KINDS: readonly ServedListener['kind'][] = ['tcp', 'udp', 'gateway'];

/** native/message.h, enum placement_kind. */
const PLACES: readonly Placement['kind'][] = ['in-place', 'bind', 'cover', 'file'];

export interface StartInstructions {
  uid: number;
  gid: number;
  /** Whether connects to elsewhere than the sandbox's loopback are srt's to decide. */
  mediate: boolean;
  /** What srt-init opens on the sandbox's loopback; a gateway on ::1 too. */
  listeners: readonly Pick<ServedListener, 'kind' | 'port'>[];
  /** What srt-init does with the mounts; the first is the root. */
  placements: readonly PlacementOrder[];
  cwd: string;
  /** Arguments and `NAME=value` entries without NUL bytes, in bytes. */
  argv: readonly Buffer[];
  env: readonly Buffer[];
}

export type PlacementOrder = Pick<
  Placement,
  'kind' | 'parent' | 'below' | 'own' | 'sealed' | 'identity'
>;

/** Writes little-endian numbers and strings into one buffer that is made once. */
function encode(size: number, write: (out: Writer) => void): Buffer {
  const bytes = Buffer.alloc(size);
  let at = 0;
  write({
    u8: (value) => {
      at = bytes.writeUInt8(value, at);
    },
    u16: (value) => {
      at = bytes.writeUInt16LE(value, at);
    },
    u32: (value) => {
      at = bytes.writeUInt32LE(value, at);
    },
    u64: (value) => {
      at = bytes.writeBigUInt64LE(value, at);
    },
    text: (text) => {
      at = bytes.writeUInt32LE(text.length, at);
      at += text.copy(bytes, at) + 1; // the NUL is there already
    },
  });
  return bytes;
}

interface Writer {
  u8(value: number): void;
  u16(value: number): void;
  u32(value: number): void;
  u64(value: bigint): void;
  text(text: Buffer): void;
}

const PLACEMENT_SIZE = 1 + 1 + 4 + 8 + 8 + 5;

function sizeOfPlacements(placements: readonly PlacementOrder[]): number {
  return placements.reduce((sum, { below }) => sum + PLACEMENT_SIZE + Buffer.byteLength(below), 4);
}

function writePlacements(out: Writer, placements: readonly PlacementOrder[]): void {
  out.u32(placements.length);
  for (const { kind, parent, below, own, sealed, identity } of placements) {
    out.u8(PLACES.indexOf(kind));
    out.u8((own ? 1 : 0) | (sealed ? 2 : 0) | (identity ? 4 : 0));
    out.u32(parent);
    out.u64(identity?.device ?? 0n);
    out.u64(identity?.inode ?? 0n);
    out.text(Buffer.from(below));
  }
}

export function encodeStart(instructions: StartInstructions): Buffer {
  const { uid, gid, mediate, listeners, placements, cwd, argv, env } = instructions;
  const strings = [Buffer.from(cwd), ...argv, ...env];
  const text = strings.reduce((sum, { length }) => sum + length + 5, 0);
  const size =
    5 + 3 * 4 + 1 + 4 + 3 * listeners.length + sizeOfPlacements(placements) + 2 * 4 + text;
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
    writePlacements(out, placements);
    out.text(Buffer.from(cwd));
    for (const list of [argv, env]) {
      out.u32(list.length);
      for (const entry of list) out.text(entry);
    }
  });
}

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
