import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MountOrder } from '../../../src/supervisor/encode-mounts.ts';
import {
  decodeFrames,
  encodeDial,
  encodeSignal,
  encodeStart,
  encodeVerdict,
  GO,
  type StartInstructions,
} from '../../../src/supervisor/frames.ts';
import type { InitMessage } from '../../../src/supervisor/init-messages.ts';

/* The other half of the protocol: the numbers must be the same in both languages. */
const header = ['message.h', 'mounts/mount.h']
  .map((name) => readFileSync(join(__dirname, '../../../native', name), 'utf8'))
  .join('');

function native(name: string): number {
  const value = new RegExp(`\\b${name} = (\\d+)`).exec(header)?.[1];
  if (value === undefined) throw new Error(`no header has ${name}`);
  return Number(value);
}

function frame(type: number, ...payload: number[]): Buffer {
  const bytes = Buffer.from([0, 0, 0, 0, type, ...payload]);
  bytes.writeUInt32LE(payload.length + 1);
  return bytes;
}

const [started, exited, failed, notExecuted] = [
  native('MESSAGE_STARTED'),
  native('MESSAGE_EXITED'),
  native('MESSAGE_FAILED'),
  native('MESSAGE_NOT_EXECUTED'),
];
const [connect, connecting, dialled] = [
  native('MESSAGE_CONNECT'),
  native('MESSAGE_CONNECTING'),
  native('MESSAGE_DIALLED'),
];

const changed = (type: number, ...numbers: number[]) =>
  frame(type, ...numbers, 2, 1, 0, 2, 0, ...Buffer.from('mvx/x'));

const HEAD = [7, 2, 0, 0, 12, 1, 0, 0];
const V6 = [0x20, 0x01, 0x0d, 0xb8, ...Array<number>(11).fill(0), 1];

const TABLE: [string, Buffer, InitMessage][] = [
  [
    'started',
    frame(started, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1),
    { type: 'started', mediation: 0, files: 0, ipv6: true, sockets: true },
  ],
  [
    'started, without mediation',
    frame(started, 16, 0, 0, 0, 22, 0, 0, 0, 0, 0),
    { type: 'started', mediation: 16, files: 22, ipv6: false, sockets: false },
  ],
  [
    'a connect by IPv4',
    frame(connect, ...HEAD, 1, 4, 187, 1, 192, 0, 2, 1, ...Array<number>(12).fill(0), 110, 99),
    {
      ...{ type: 'connect', id: 519, pid: 268, blocking: true, port: 443 },
      ...{ address: '192.0.2.1', command: 'nc' },
    } as InitMessage,
  ],
  [
    'a connect by IPv6, of a process without a name',
    frame(connect, ...HEAD, 0, 6, 80, 0, ...V6),
    {
      ...{ type: 'connect', id: 519, pid: 268, blocking: false, port: 80 },
      ...{ address: '2001:db8:0:0:0:0:0:1', command: '' },
    } as InitMessage,
  ],
  [
    'a connection on its way',
    frame(connecting, 1, 0, 0, 0, 6, 255, 255),
    { type: 'connecting', id: 1, family: 6, port: 65535 },
  ],
  [
    'a connection that was given up',
    frame(connecting, 1, 0, 0, 0, 4, 0, 0),
    { type: 'connecting', id: 1, family: 4, port: null },
  ],
  [
    'a change that is told',
    changed(native('MESSAGE_HANDED_OVER'), 1, 0, 0, 0, 9, 0, 0, 0, 6, 0, 0, 0, 0, 3, 0, 0, 0),
    {
      ...{ type: 'handed-over', times: 1, pid: 9, operation: 'rename', errno: 0, rule: 3 },
      ...{ command: 'mv', asked: 'x', path: '/x' },
    } as InitMessage,
  ],
  [
    'changes that are not',
    frame(native('MESSAGE_HANDED_OVER'), 4, 1, 0, 0),
    { type: 'handed-over-more', times: 260 },
  ],
  [
    'a dial that failed',
    frame(dialled, 1, 0, 0, 0, 111, 0, 0, 0),
    { type: 'dialled', id: 1, errno: 111 },
  ],
  ['sockets to come', frame(native('MESSAGE_SOCKETS')), { type: 'sockets' }],
  ['exit status 0', frame(exited, 0, 0), { type: 'exited', code: 0 }],
  ['exit status 255', frame(exited, 0, 255), { type: 'exited', code: 255 }],
  ['a signal', frame(exited, 1, 9), { type: 'signalled', signal: 9 }],
  [
    'a failure',
    frame(failed, 13, 0, 0, 0, ...Buffer.from('mount')),
    failure('failed', 'mount', 13),
  ],
  ['a failure without a step', frame(failed, 1, 0, 0, 0), failure('failed', '', 1)],
  [
    'a failure of 200 bytes',
    frame(failed, 1, 1, 0, 0, ...Buffer.alloc(196, 'x')),
    failure('failed', 'x'.repeat(196), 257),
  ],
  [
    'not executed',
    frame(notExecuted, 2, 0, 0, 0, ...Buffer.from('exec')),
    failure('not-executed', 'exec', 2),
  ],
];

function failure(type: 'failed' | 'not-executed', step: string, errno: number): InitMessage {
  return { type, step, errno };
}

describe('what srt-init sends', () => {
  test.each(TABLE)('%s', (_what, bytes, message) => {
    expect(decodeFrames(bytes)).toEqual({ messages: [message], text: '', rest: Buffer.alloc(0) });
  });

  test('several in one piece', () => {
    const all = Buffer.concat(TABLE.map(([, bytes]) => bytes));
    expect(decodeFrames(all).messages).toEqual(TABLE.map(([, , message]) => message));
  });

  test('in pieces cut anywhere', () => {
    const all = Buffer.concat(TABLE.map(([, bytes]) => bytes));
    for (let cut = 0; cut <= all.length; cut++) {
      const first = decodeFrames(all.subarray(0, cut));
      const second = decodeFrames(Buffer.concat([first.rest, all.subarray(cut)]));
      expect([...first.messages, ...second.messages]).toHaveLength(TABLE.length);
      expect([first.text, second.text, second.rest.length]).toEqual(['', '', 0]);
    }
  });

  test('nothing', () => {
    expect(decodeFrames(Buffer.alloc(0))).toEqual({
      messages: [],
      text: '',
      rest: Buffer.alloc(0),
    });
  });
});

describe('what bubblewrap prints', () => {
  const printed = "bwrap: Can't mount proc on /newroot/proc: Operation not permitted\n";

  test('is text', () => {
    expect(decodeFrames(Buffer.from(printed))).toMatchObject({ messages: [], text: printed });
  });

  test('is text after a frame too', () => {
    const bytes = Buffer.concat([
      frame(started, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
      Buffer.from(printed),
    ]);
    expect(decodeFrames(bytes)).toMatchObject({ messages: [{ type: 'started' }], text: printed });
  });
});

describe('what srt-init never sends', () => {
  test.each([
    ['an unknown type', frame(99)],
    ['type 0', frame(0)],
    ['what srt sends', frame(native('MESSAGE_START'))],
    ['started, without a payload', frame(started)],
    ['a connect by neither family', frame(connect, ...HEAD, 0, 5, 80, 0, ...V6)],
    ['a connect that is cut', frame(connect, ...HEAD, 0, 4, 80, 0, 192, 0, 2, 1)],
    ['a connection by neither family', frame(connecting, 1, 0, 0, 0, 0, 1, 0)],
    ['sockets, with a payload', frame(native('MESSAGE_SOCKETS'), 1)],
    ['a dial that is cut', frame(dialled, 1, 0, 0, 0)],
    ['an exit without a status', frame(exited, 0)],
    ['an exit with too much', frame(exited, 0, 0, 0)],
    ['an exit that is neither', frame(exited, 2, 0)],
    ['a failure without a number', frame(failed, 1, 0, 0)],
  ])('%s', (_what, bytes) => {
    expect(() => decodeFrames(bytes)).toThrow(/message type/);
  });

  test.each([
    ['no length', Buffer.from([0, 0, 0, 0, started])],
    ['a length beyond every frame', Buffer.from([0x6e, 0x20, 0, 0, started])],
    ['a huge length', Buffer.from([255, 255, 255, 255, started])],
  ])('%s: no frame, and nothing is waited for', (_what, bytes) => {
    const { messages, rest } = decodeFrames(bytes);
    expect({ messages, rest }).toEqual({ messages: [], rest: Buffer.alloc(0) });
  });
});

const KINDS = ['tcp', 'udp', 'gateway'] as const;
const BINDS = [native('MOUNT_BIND'), native('MOUNT_RO_BIND')];
const OTHERS = new Map<number, (mode: number, text: Buffer) => object>([
  [native('MOUNT_TMPFS'), (mode) => ({ op: 'tmpfs', mode })],
  [native('MOUNT_PROC'), () => ({ op: 'proc' })],
  [native('MOUNT_DEV'), () => ({ op: 'dev' })],
  [native('MOUNT_MASK'), () => ({ op: 'mask-file' })],
  [native('MOUNT_FILE'), (_, content) => ({ op: 'file', content })],
  [native('MAKE_LINK'), (_, target) => ({ op: 'symlink', target: target.toString() })],
  [native('MAKE_FOLDER'), (mode) => ({ op: 'folder', mode })],
]);
const ROOT: MountOrder = {
  mount: { op: 'ro-bind', path: '/' },
  ...{ parent: 0, below: '', sealed: false, identity: null },
};

/** One with all that is said of it: but for a bind srt-init needs no path. */
function order(mount: MountOrder['mount'], rest: Partial<MountOrder> = {}): MountOrder {
  return { ...ROOT, mount, ...rest };
}

/** What reading it can bring back. */
function said({ mount: { path, ...mount }, ...rest }: MountOrder): object {
  const bind = mount.op === 'bind' || mount.op === 'ro-bind';
  return { ...rest, mount: bind ? { ...mount, path } : mount };
}

/** Reads START as native/message.c does. */
function parseStart(bytes: Buffer) {
  let at = 0;
  const take = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const u32 = () => take(4).readUInt32LE();
  const u64 = () => take(8).readBigUInt64LE();
  const u16 = () => take(2).readUInt16LE();
  const string = () => {
    const text = take(u32());
    expect(take(1)).toEqual(Buffer.alloc(1));
    return text;
  };
  const list = <T>(read: () => T): T[] => Array.from({ length: u32() }, read);
  expect(u32()).toBe(bytes.length - 4);
  expect(take(1)[0]).toBe(native('MESSAGE_START'));
  expect(u32()).toBe(native('PROTOCOL_VERSION'));
  const [uid, gid] = [u32(), u32()];
  const start = {
    uid,
    gid,
    mediate: take(1)[0] === 1,
    listeners: list(() => ({ kind: KINDS[take(1)[0] ?? 0], port: u16() })),
    mounts: list(() => {
      const op = take(1)[0] ?? 255;
      const flags = take(1)[0] ?? 0;
      const parent = u32();
      const known = { device: u64(), inode: u64() };
      const identity = flags & 2 ? known : null;
      const rest = { parent, sealed: (flags & 1) !== 0, identity, below: string().toString() };
      const [mode, text] = [u16(), string()];
      const bind = ['bind', 'ro-bind'][BINDS.indexOf(op)];
      const mount = bind ? { op: bind, path: text.toString() } : OTHERS.get(op)?.(mode, text);
      return { mount, ...rest };
    }),
    cwd: string().toString(),
    argv: list(string),
    env: list(string),
  };
  const files = take(1)[0];
  /* No test has rules here: native/files/tree.h is tested with the trees themselves. */
  expect([files, u32()]).toEqual([0, 0]);
  const sockets = list(() => string().toString());
  expect(at).toBe(bytes.length);
  return { ...start, names: null, sockets };
}

describe('what srt sends', () => {
  test.each<[string, StartInstructions]>([
    [
      'the least',
      {
        ...{ uid: 0, gid: 0, mediate: false, listeners: [], cwd: '/' },
        mounts: [ROOT],
        ...{ argv: [Buffer.from('true')], env: [], names: null, sockets: [] },
      },
    ],
    [
      'odd bytes',
      {
        uid: 0xfffffffe,
        gid: 65534,
        mediate: true,
        listeners: [
          { kind: 'tcp', port: 1 },
          { kind: 'udp', port: 53 },
          { kind: 'gateway', port: 65535 },
        ],
        mounts: [
          order({ op: 'tmpfs', path: '/', mode: 0o755 }, { sealed: true }),
          order(
            { op: 'bind', path: '/home/é\n' },
            { below: 'home/é\n', identity: { device: 0xfffffffffffffffen, inode: 1n } },
          ),
          order(
            { op: 'mask-file', path: '/home/é\n' },
            { parent: 1, identity: { device: 0n, inode: 0xffffffffffn } },
          ),
          order({ op: 'file', path: '/x', content: Buffer.from([0, 255, 10]) }, { below: 'x' }),
          order({ op: 'symlink', path: '/é', target: 'ö' }, { below: 'é' }),
          order({ op: 'folder', path: '/f', mode: 0o700 }, { below: 'f' }),
          order({ op: 'proc', path: '/proc' }, { below: 'proc' }),
          order({ op: 'dev', path: '/dev' }, { below: 'dev', sealed: true }),
        ],
        cwd: '/home/é\n',
        argv: [Buffer.from('a'), Buffer.alloc(0), Buffer.from([255, 10, 254])],
        names: null,
        env: [Buffer.from('A='), Buffer.from([66, 61, 255])],
        sockets: ['/', '/run/é'],
      },
    ],
    [
      'much',
      {
        uid: 1000,
        gid: 1000,
        mediate: true,
        listeners: [{ kind: 'tcp', port: 3128 }],
        mounts: Array.from({ length: 300 }, (_, i) => ({
          ...{ ...ROOT, parent: Math.max(0, i - 1), below: 'x'.repeat(i) },
        })),
        cwd: `/${'x'.repeat(4000)}`,
        argv: Array.from({ length: 5000 }, (_, i) => Buffer.from(`argument ${i}`)),
        names: null,
        env: [Buffer.alloc(200_000, 'x')],
        sockets: Array.from({ length: 1000 }, (_, i) => `/run/${i}`),
      },
    ],
  ])('a start with %s', (_what, start) => {
    const expected = { ...start, mounts: start.mounts.map(said) };
    expect(parseStart(encodeStart(start))).toEqual(expected);
  });

  test('that it is complete', () => {
    expect(GO).toEqual(frame(native('MESSAGE_GO')));
  });

  test('a verdict and a dial', () => {
    expect(encodeVerdict(519, 13)).toEqual(
      frame(native('MESSAGE_VERDICT'), 7, 2, 0, 0, 13, 0, 0, 0),
    );
    expect(encodeDial(519, 8080)).toEqual(frame(native('MESSAGE_DIAL'), 7, 2, 0, 0, 144, 31));
  });

  test.each([1, 15, 64])('signal %i', (signal) => {
    expect(encodeSignal(signal)).toEqual(frame(native('MESSAGE_SIGNAL'), signal));
  });
});
