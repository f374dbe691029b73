/* Threat: the same calls have other numbers at the 32-bit and x32 entries of an x86-64 kernel. A
 * filter that knows one table is blind there, so any such call ends the process. */
import { isX64, requires } from '../support/requires.ts';
import { srt } from '../support/srt.ts';
import { type Outcome, TRY_SYSCALL, tryInside, tryOutsideNow } from '../support/try-syscall.ts';

const CALLS = ['getpid-x32', 'getpid-int80'];
const outside: Record<string, Outcome> = isX64 ? tryOutsideNow(CALLS) : {};

let inside: Record<string, Outcome>;
beforeAll(async () => {
  if (TRY_SYSCALL && isX64) inside = await tryInside(CALLS);
});

const ready = isX64 && TRY_SYSCALL !== null;

requires('x86-64 and a C compiler', ready)('the x32 entry kills', () => {
  /* Most kernels do not have it, and then answer ENOSYS. */
  expect(outside['getpid-x32']).not.toBe('SIGSYS');
  expect(inside['getpid-x32']).toBe('SIGSYS');
});

requires(
  'a kernel with 32-bit emulation, and a C compiler',
  ready && typeof outside['getpid-int80'] === 'number',
)('the 32-bit entry kills', () => {
  expect(inside['getpid-int80']).toBe('SIGSYS');
});

requires('x86-64 and a C compiler', ready)('the command ends with status 159', async () => {
  const { code } = await srt([TRY_SYSCALL ?? '', '--here', 'getpid-x32']);
  expect(code).toBe(159);
});
