import type { ConnectArrival, ConnectRequest } from '../boundary.ts';

/** What srt-init says on the control channel (native/message.h). Pure: bytes to values. */
export type InitMessage =
  /** The command was executed. `mediation` is the errno why connects are not mediated, or 0, and
   * `files` why changes of files are not decided by name although that was asked for; `sockets`
   * whether there are Unix sockets. */
  | { type: 'started'; mediation: number; files: number; ipv6: boolean; sockets: boolean }
  | { type: 'exited'; code: number }
  | { type: 'signalled'; signal: number }
  /** srt-init could not do its work. */
  | { type: 'failed'; step: string; errno: number }
  /** The command could not be executed. */
  | { type: 'not-executed'; step: string; errno: number }
  | ({ type: 'connect' } & ConnectRequest)
  | ({ type: 'connecting' } & ConnectArrival)
  | ({ type: 'refused' } & ReportedChange)
  /** Refusals that srt-init had no room for. */
  | { type: 'refused-more'; times: number }
  | ({ type: 'handed-over' } & ReportedChange)
  /** Changes of that kind that srt-init had no room for. */
  | { type: 'handed-over-more'; times: number }
  /** Sockets come over the other channel from now on. */
  | { type: 'sockets' }
  /** A connection into the sandbox that srt asked for was not made. */
  | { type: 'dialled'; id: number; errno: number };

/** native/files/decide.h, enum operation. */
export const OPERATIONS = [
  ...['open', 'create', 'mkdir', 'mknod', 'symlink', 'link'],
  ...['rename', 'unlink', 'rmdir', 'truncate', 'chmod', 'connect', 'bind'],
] as const;

/** A change of a file, or a connection to a Unix socket, that srt-init refused, or a change that it
 * made and tells of. */
export interface ReportedChange {
  /** How often, since it was last said. */
  times: number;
  /** As numbered in the sandbox, and the name of the process (comm, proc(5)). */
  pid: number;
  command: string;
  operation: string;
  /** 0 for one that was made. */
  errno: number;
  /** Of the plan's list; null where no rule says so but the place does. Of one that was made it may
   * be one of native/files/telling.h. */
  rule: number | null;
  /** As the process has it, and without links as the sandbox has it. */
  asked: string;
  path: string;
}

export const Type = {
  started: 64,
  exited: 65,
  failed: 66,
  notExecuted: 67,
  connect: 68,
  connecting: 69,
  dialled: 70,
  refused: 71,
  handedOver: 72,
  sockets: 73,
} as const;

const READERS: Record<number, (payload: Buffer) => InitMessage | null> = {
  [Type.started]: readStarted,
  [Type.exited]: readExited,
  [Type.failed]: (payload) => readFailure('failed', payload),
  [Type.notExecuted]: (payload) => readFailure('not-executed', payload),
  [Type.connect]: readConnect,
  [Type.connecting]: readConnecting,
  [Type.refused]: (payload) => readChange('refused', payload),
  [Type.handedOver]: (payload) => readChange('handed-over', payload),
  [Type.sockets]: (payload) => (payload.length === 0 ? { type: 'sockets' } : null),
  [Type.dialled]: (payload) =>
    payload.length === 8
      ? { type: 'dialled', id: payload.readUInt32LE(0), errno: payload.readUInt32LE(4) }
      : null,
};

/** Throws on what srt-init never sends. */
export function readMessage(type: number, payload: Buffer): InitMessage {
  const message = READERS[type]?.(payload);
  if (message) return message;
  throw new Error(`message type ${type} with ${payload.length} bytes`);
}

function readStarted(payload: Buffer): InitMessage | null {
  if (payload.length !== 10) return null;
  return {
    type: 'started',
    mediation: payload.readUInt32LE(0),
    files: payload.readUInt32LE(4),
    ipv6: payload[8] === 1,
    sockets: payload[9] === 1,
  };
}

function readExited(payload: Buffer): InitMessage | null {
  const [how, value = 0] = payload;
  if (payload.length !== 2 || how === undefined || how > 1) return null;
  return how === 0 ? { type: 'exited', code: value } : { type: 'signalled', signal: value };
}

function readFailure(type: 'failed' | 'not-executed', payload: Buffer): InitMessage | null {
  if (payload.length < 4) return null;
  return { type, step: payload.toString('utf8', 4), errno: payload.readUInt32LE(0) };
}

const CONNECT_HEAD = 28;

function readConnect(payload: Buffer): InitMessage | null {
  const family = payload[9];
  if (payload.length < CONNECT_HEAD || (family !== 4 && family !== 6)) return null;
  return {
    type: 'connect',
    id: payload.readUInt32LE(0),
    pid: payload.readUInt32LE(4),
    blocking: payload[8] === 1,
    port: payload.readUInt16LE(10),
    address: readAddress(payload.subarray(12, family === 4 ? 16 : 28)),
    command: payload.toString('utf8', CONNECT_HEAD),
  };
}

function readAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index));
  return groups.map((group) => group.toString(16)).join(':');
}

function readConnecting(payload: Buffer): InitMessage | null {
  const family = payload[4];
  if (payload.length !== 7 || (family !== 4 && family !== 6)) return null;
  const port = payload.readUInt16LE(5);
  return {
    type: 'connecting',
    id: payload.readUInt32LE(0),
    family,
    port: port === 0 ? null : port,
  };
}

const CHANGE_HEAD = 22;
const NO_RULE = 0xffff_ffff;

function readChange(type: 'refused' | 'handed-over', payload: Buffer): InitMessage | null {
  if (payload.length === 4) return { type: `${type}-more`, times: payload.readUInt32LE(0) };
  if (payload.length < CHANGE_HEAD) return null;
  const command = CHANGE_HEAD + payload.readUInt8(17);
  const asked = command + payload.readUInt16LE(18);
  const found = asked + payload.readUInt16LE(20);
  const operation = OPERATIONS[payload.readUInt8(8)];
  if (found !== payload.length || operation === undefined) return null;
  const rule = payload.readUInt32LE(13);
  return {
    type,
    times: payload.readUInt32LE(0),
    pid: payload.readUInt32LE(4),
    operation,
    errno: payload.readUInt32LE(9),
    rule: rule === NO_RULE ? null : rule,
    command: payload.toString('utf8', CHANGE_HEAD, command),
    asked: payload.toString('utf8', command, asked),
    path: payload.toString('utf8', asked, found),
  };
}
