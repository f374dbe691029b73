/* Threat: a read-only mount does not keep anyone from writing to a FIFO in it, and what reads at
 * the other end is a process of the host: a daemon that takes commands, or a way out for data.
 * Known and open where the pipe is not denied: docs/security.md names it, and that test fails the
 * day it is shut. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type Scratch, scratch } from '../support/srt.ts';
import { evaluate } from './support/node-script.ts';

const PROBE = `
const fs = require('node:fs');
print(attempt(() => {
  const fd = fs.openSync(input, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
  fs.writeSync(fd, 'hello');
}));
`;

describe('a named pipe outside every write root', () => {
  let dir: Scratch;
  let pipe: string;
  let reader: number;
  beforeAll(() => {
    dir = scratch();
    pipe = `${dir.path}/pipe`;
    execFileSync('mkfifo', [pipe]);
    reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  });
  afterAll(() => {
    closeSync(reader);
    dir.remove();
  });

  function arrived(): string {
    const buffer = Buffer.alloc(64);
    return buffer.toString('utf8', 0, readSync(reader, buffer));
  }

  test('takes what an unconfined process writes: the control', async () => {
    expect(await evaluate(PROBE, pipe, { srt: null })).toBe('ok');
    expect(arrived()).toBe('hello');
  });

  test.failing('takes nothing from inside', async () => {
    const outcome = await evaluate(PROBE, pipe, { srt: [] });
    expect({ outcome, arrived: arrived() }).toEqual({
      outcome: expect.stringMatching(/^(EACCES|EPERM|EROFS)$/),
      arrived: '',
    });
  });

  test('takes nothing from inside where it is denied', async () => {
    const settings = dir.settings({ filesystem: { denyRead: [pipe] } });
    const outcome = await evaluate(PROBE, pipe, { srt: ['-s', settings] });
    expect({ outcome, arrived: arrived() }).toEqual({ outcome: 'EACCES', arrived: '' });
  });
});
