/** Frames of the control channel between srt and srt-init; native/message.h is the other half.
 * Pure: bytes to values and back. */

const PROTOCOL_VERSION = 1;

const Type = {
  start: 1,
  signal: 2,
  started: 64,
  exited: 65,
  failed: 66,
  notExecuted: 67,
} as const;

/** The longest frame srt-init sends: a type byte and a failure of 200 bytes. */
const MAX_INCOMING = 1024;

export interface StartInstructions {
  uid: number;
  gid: number;
  ports: readonly number[];
  cwd: string;
  /** Arguments and `NAME=value` entries without NUL bytes, in bytes. */
  argv: readonly Buffer[];
  env: readonly Buffer[];
}

export type InitMessage =
  | { type: 'started' }
  | { type: 'exited'; code: number }
  | { type: 'signalled'; signal: number }
  /** srt-init could not do its work. */
  | { type: 'failed'; step: string; errno: number }
  /** The command could not be executed. */
  | { type: 'not-executed'; step: string; errno: number };

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
  text(text: Buffer): void;
}

export function encodeStart({ uid, gid, ports, cwd, argv, env }: StartInstructions): Buffer {
  const strings = [Buffer.from(cwd), ...argv, ...env];
  const text = strings.reduce((sum, { length }) => sum + length + 5, 0);
  const size = 5 + 4 * 4 + 2 * ports.length + 2 * 4 + text;
  return encode(size, (out) => {
    out.u32(size - 4);
    out.u8(Type.start);
    for (const value of [PROTOCOL_VERSION, uid, gid, ports.length]) out.u32(value);
    for (const port of ports) out.u16(port);
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
    messages.push(decodeMessage(rest[4] ?? 0, rest.subarray(5, 4 + size)));
    rest = rest.subarray(4 + size);
  }
  return { messages, text: '', rest };
}

function decodeMessage(type: number, payload: Buffer): InitMessage {
  if (type === Type.started && payload.length === 0) return { type: 'started' };
  if (type === Type.exited && payload.length === 2) {
    const [how = 0, value = 0] = payload;
    if (how === 0) return { type: 'exited', code: value };
    if (how === 1) return { type: 'signalled', signal: value };
  }
  if ((type === Type.failed || type === Type.notExecuted) && payload.length >= 4) {
    const kind = type === Type.failed ? 'failed' : 'not-executed';
    return { type: kind, step: payload.toString('utf8', 4), errno: payload.readUInt32LE(0) };
  }
  throw new Error(`message type ${type} with ${payload.length} bytes`);
}
