/* Threat: TIOCSTI puts characters into the terminal's input, where the user's shell reads them as
 * typed after srt has ended (CVE-2017-5226). The kernel takes the request as 32 bits, so what is in
 * the upper half must not hide it. */
import { requires } from '../support/requires.ts';
import { type Outcome, TRY_SYSCALL, tryInside, tryOutside } from '../support/try-syscall.ts';

const REQUESTS = [
  ['TIOCSTI', '0x5412'],
  ['TIOCSTI, and garbage above', '0xdeadbeef00005412'],
  ['TIOCSTI, and one bit above', '0x100005412'],
  ['TIOCLINUX', '0x541c'],
  ['TIOCLINUX, and garbage above', '0xffffffff0000541c'],
] as const;
const call = (request: string) => `ioctl:0:${request}:@`;
const TCGETS = call('0x5401');

let inside: Record<string, Outcome>;
let outside: Record<string, Outcome>;
beforeAll(async () => {
  if (!TRY_SYSCALL) return;
  const calls = [...REQUESTS.map(([, request]) => call(request)), TCGETS];
  inside = await tryInside(calls);
  outside = await tryOutside(calls);
});

const compiled = requires('a C compiler', TRY_SYSCALL !== null);

compiled.each(REQUESTS)('%s is refused', (_name: string, request: string) => {
  /* Standard input of the test is no terminal: it is the filter that says EPERM. */
  expect(outside[call(request)]).toBe('ENOTTY');
  expect(inside[call(request)]).toBe('EPERM');
});

compiled('other requests are the kernel’s to answer', () => {
  expect(inside[TCGETS]).toBe('ENOTTY');
});
