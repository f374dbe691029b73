/* Threat: in a user namespace of its own a process is root again, may mount, and reaches kernel
 * code that was written for root. No namespace can be made inside, by any of the calls. */
import { requires } from '../support/requires.ts';
import { type Outcome, TRY_SYSCALL, tryInside, tryOutsideNow } from '../support/try-syscall.ts';

const NAMESPACES: readonly (readonly [name: string, flag: number])[] = [
  ['mount', 0x20000],
  ['cgroup', 0x2000000],
  ['UTS', 0x4000000],
  ['IPC', 0x8000000],
  ['user', 0x10000000],
  ['PID', 0x20000000],
  ['network', 0x40000000],
];
const TIME = 0x80;
const SIGCHLD = 17;

const clone = (flag: number) => `clone:0x${(flag | SIGCHLD).toString(16)}:0:0:0:0`;
const unshare = (flag: number) => `unshare:0x${flag.toString(16)}`;
const CALLS = [...NAMESPACES.flatMap(([, flag]) => [clone(flag), unshare(flag)]), unshare(TIME)];
/* The kernel takes the flags of clone as 32 bits; these hide CLONE_NEWUSER. */
const GARBAGE = 'clone:0xdead000010000011:0:0:0:0';
const ALL = [...CALLS, GARBAGE, 'clone3:0:0', 'clone3:@:88', 'unknown', clone(0), 'unshare:0'];

const outside: Record<string, Outcome> = tryOutsideNow(ALL, { ownUserNamespace: true });
let inside: Record<string, Outcome>;
beforeAll(async () => {
  if (TRY_SYSCALL) inside = await tryInside(ALL);
});

const compiled = requires('a C compiler', TRY_SYSCALL !== null);

describe('namespaces', () => {
  compiled.each(NAMESPACES)('no %s namespace by clone', (_name: string, flag: number) => {
    expect(outside[clone(flag)]).toEqual(expect.any(Number));
    expect(inside[clone(flag)]).toBe('EPERM');
  });

  compiled.each([...NAMESPACES, ['time', TIME]])('no %s namespace by unshare', (...row) => {
    const [, flag] = row as unknown as [string, number];
    expect(outside[unshare(flag)]).toBe(0);
    expect(inside[unshare(flag)]).toBe('EPERM');
  });

  compiled('none by what the kernel does not look at', () => {
    expect(outside[GARBAGE]).toEqual(expect.any(Number));
    expect(inside[GARBAGE]).toBe('EPERM');
  });

  /* Its flags are in memory, where no filter can read them; libc then uses clone. */
  compiled.each(['clone3:0:0', 'clone3:@:88'])('%s does not exist', (call: string) => {
    expect(outside[call]).not.toBe('ENOSYS');
    expect(inside[call]).toBe('ENOSYS');
  });

  compiled('what came after this version of srt does not exist', () => {
    expect(inside.unknown).toBe('ENOSYS');
  });

  compiled('processes and threads can be made', () => {
    expect(inside[clone(0)]).toEqual(expect.any(Number));
    expect(inside['unshare:0']).toBe(0);
  });
});
