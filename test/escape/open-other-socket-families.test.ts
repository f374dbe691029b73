/* Threat: a network namespace does not confine every family (vsock reaches the hypervisor, a path
 * socket the host's daemons), and each family is kernel code to attack. Only what programs need for
 * TCP, UDP and the list of interfaces opens. */
import { requires } from '../support/requires.ts';
import { type Outcome, TRY_SYSCALL, tryInside, tryOutside } from '../support/try-syscall.ts';

const [UNIX, INET, INET6, NETLINK] = [1, 2, 10, 16];
const [STREAM, DGRAM, RAW, SEQPACKET] = [1, 2, 3, 5];
const FAMILIES = Array.from({ length: 61 }, (_, family) => family);
const TYPES = [STREAM, DGRAM, RAW, SEQPACKET];
/* What SOCK_CLOEXEC and SOCK_NONBLOCK add must not make another type of it. */
const FLAGS = 0o2000000 | 0o4000;

const opens = (family: number) => [UNIX, INET, INET6].includes(family);
const test_ = requires('a C compiler', TRY_SYSCALL !== null);

const SOCKETS = FAMILIES.flatMap((family) => TYPES.map((type) => `socket:${family}:${type}:0`));
const PAIRS = FAMILIES.flatMap((family) =>
  [1, 2, 3, 5].map((type) => `socketpair:${family}:${type}:0:@`),
);
const NETLINKS = Array.from(
  { length: 23 },
  (_, protocol) => `socket:${NETLINK}:${RAW}:${protocol}`,
);
const [SCTP, UDPLITE, SMC, MPTCP] = [132, 136, 256, 262];
/* What more an internet socket can be. The kernel here may lack some: one at least opens outside. */
const PROTOCOLS = [INET, INET6].flatMap((family) => [
  ...[6, SCTP, SMC, MPTCP].map((protocol) => `socket:${family}:${STREAM}:${protocol}`),
  ...[17, UDPLITE].map((protocol) => `socket:${family}:${DGRAM}:${protocol}`),
]);
const EXTRA = [
  `socket:${UNIX}:${DGRAM | FLAGS}:0`,
  `socket:0xdead0000000${UNIX}:${DGRAM}:0`,
  `socket:0xdead0000000${NETLINK.toString(16)}:${RAW}:9`,
  `socket:${NETLINK}:${RAW}:0xdead000000000009`,
  `socketpair:${UNIX}:${DGRAM | FLAGS}:0:@`,
  `socketpair:${UNIX}:0xdead0000000${DGRAM}:0:@`,
];

let inside: Record<string, Outcome>;
let outside: Record<string, Outcome>;
beforeAll(async () => {
  if (TRY_SYSCALL === null) return;
  const calls = [...SOCKETS, ...PAIRS, ...NETLINKS, ...PROTOCOLS, ...EXTRA];
  inside = await tryInside(calls);
  outside = await tryOutside(calls);
});

const outcome = (call: string) => inside[call];

describe('socket(2)', () => {
  /* The kernel makes a datagram socket of a raw one, and each message can be sent to another path. */
  test_.each([
    [STREAM, 'number'],
    [SEQPACKET, 'number'],
    [DGRAM, 'string'],
    [RAW, 'string'],
  ])('a Unix socket of type %i', (type, kind) => {
    const call = `socket:${UNIX}:${type}:0`;
    expect(typeof outcome(call)).toBe(kind);
    if (kind === 'string') expect(outcome(call)).toBe('EACCES');
    expect(typeof outside[call]).toBe('number');
  });

  test_.each(FAMILIES.filter((family) => !opens(family) && family !== NETLINK))(
    'family %i opens in no type',
    (family: number) => {
      const outcomes = TYPES.map((type) => outcome(`socket:${family}:${type}:0`));
      expect(outcomes).toEqual(TYPES.map(() => 'EAFNOSUPPORT'));
    },
  );

  test_.each([INET, INET6])('family %i opens for TCP and UDP, and not raw', (family: number) => {
    expect(outcome(`socket:${family}:${STREAM}:0`)).toEqual(expect.any(Number));
    expect(outcome(`socket:${family}:${DGRAM}:0`)).toEqual(expect.any(Number));
    expect(['EPERM', 'EPROTONOSUPPORT']).toContain(outcome(`socket:${family}:${RAW}:0`));
  });

  test_('of the internet protocols TCP and UDP open', () => {
    const opened = PROTOCOLS.filter((call) => typeof outcome(call) === 'number');
    expect(opened).toEqual([
      ...[`socket:${INET}:${STREAM}:6`, `socket:${INET}:${DGRAM}:17`],
      ...[`socket:${INET6}:${STREAM}:6`, `socket:${INET6}:${DGRAM}:17`],
    ]);
    const outsideToo = PROTOCOLS.filter((call) => typeof outside[call] === 'number');
    expect(outsideToo.length).toBeGreaterThan(opened.length);
  });

  test_('netlink opens for the list of interfaces alone', () => {
    const opened = NETLINKS.filter((call) => typeof outcome(call) === 'number');
    expect(opened).toEqual([`socket:${NETLINK}:${RAW}:0`]);
  });

  test_.each(NETLINKS.slice(1))('%s is refused', (call: string) => {
    expect(outcome(call)).toBe('EAFNOSUPPORT');
  });

  test_('opens more than that outside: the control', () => {
    const count = (seen: Record<string, Outcome>, calls: readonly string[]) =>
      calls.filter((call) => typeof seen[call] === 'number').length;
    expect(outside[`socket:${UNIX}:${STREAM}:0`]).toEqual(expect.any(Number));
    expect(outside[`socket:${UNIX}:${DGRAM}:0`]).toEqual(expect.any(Number));
    expect(count(outside, NETLINKS)).toBeGreaterThan(count(inside, NETLINKS));
  });
});

describe('socketpair(2)', () => {
  test_.each([STREAM, SEQPACKET])('gives a Unix pair of type %i', (type: number) => {
    expect(outcome(`socketpair:${UNIX}:${type}:0:@`)).toBe(0);
  });

  /* Each datagram of such a pair can be sent to any path; the kernel makes DGRAM of RAW. */
  test_.each([DGRAM, RAW])('gives none of type %i', (type: number) => {
    const call = `socketpair:${UNIX}:${type}:0:@`;
    expect({ inside: outcome(call), outside: outside[call] }).toEqual({
      inside: 'EACCES',
      outside: 0,
    });
  });

  test_('gives none of another family', () => {
    const others = PAIRS.filter((call) => !call.startsWith(`socketpair:${UNIX}:`));
    expect(others.filter((call) => outcome(call) === 0)).toEqual([]);
  });
});

describe('the bits that the kernel does not look at', () => {
  test_.each([
    [EXTRA[0] as string, 'EACCES'],
    [EXTRA[1] as string, 'EACCES'],
    [EXTRA[2] as string, 'EAFNOSUPPORT'],
    [EXTRA[3] as string, 'EAFNOSUPPORT'],
    [EXTRA[4] as string, 'EACCES'],
    [EXTRA[5] as string, 'EACCES'],
  ])('do not make another call of it: %s', (call: string, errno: string) => {
    expect(outcome(call)).toBe(errno);
    expect(typeof outside[call]).toBe('number');
  });
});
