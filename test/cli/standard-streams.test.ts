import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { run, type Scratch, SRT, SRT_ALONE, scratch } from '../support/srt.ts';

/* Node makes what it opens as a stream non-blocking, for all who share it. */
const FLAGS = `grep -h '^flags' /proc/self/fdinfo/0 /proc/self/fdinfo/1 /proc/self/fdinfo/2`;
const O_NONBLOCK = 0o4000;

let dir: Scratch;
let server: Server;
let settings: string;
beforeAll(async () => {
  dir = scratch();
  server = createServer((_, response) => response.end('welcome'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  settings = dir.settings({
    network: { allowedDomains: [host] },
    /* For a line at the start. */
    filesystem: { allowWrite: ['./missing'] },
  });
});
afterAll(() => {
  server.close();
  dir.remove();
});

function nonBlocking(lines: string): boolean[] {
  return lines
    .split('\n')
    .filter((line) => line.startsWith('flags:'))
    .map((line) => (Number.parseInt(line.replace('flags:', ''), 8) & O_NONBLOCK) !== 0);
}

/** A shell line whose standard streams are pipes that nobody else has made anything of. */
const piped = (line: string) =>
  run(['sh', '-c', `cat | { ${line}; } 2>&1 | cat`], { cwd: dir.path });

const CALLS = '__CALLS__';
const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

describe.each([
  ['srt', SRT],
  ['srt without its front', `${process.execPath} ${SRT_ALONE}`],
])('%s leaves them blocking', (_name, program) => {
  test.each([
    ['for a command', ':'],
    ['for one that has been to the network', `curl -s ${CALLS}`],
    ['for one that was refused', 'curl -s http://example.com/'],
  ])('%s', async (_what, act) => {
    const line = act.replace(CALLS, address());
    const { stdout } = await piped(`${program} -s ${settings} -- sh -c '${line}; ${FLAGS}'`);
    expect(stdout).toContain('srt: ');
    expect(nonBlocking(stdout)).toEqual([false, false, false]);
  });

  test.each([
    ['after a command', `-s SETTINGS -- sh -c 'curl -s ${CALLS}'`],
    ['after a mistake', '--no-such-option'],
    ['after help', '--debug --help'],
  ])('%s', async (_what, words) => {
    const line = words.replace(CALLS, address()).replace('SETTINGS', settings);
    const { stdout } = await piped(`${program} ${line}; ${FLAGS}`);
    expect(nonBlocking(stdout)).toEqual([false, false, false]);
  });

  test('and a slow reader gets all of the output of a command, and of srt', async () => {
    const line = `curl -s http://example.com/ >/dev/null; seq 100000 >&2; echo "status $?" >&2`;
    const { stdout } = await run([
      ...['sh', '-c', `${program} --debug -s ${settings} -- sh -c '${line}' 2>&1 | (sleep 1; cat)`],
    ]);
    expect(stdout).toContain('\n100000\nstatus 0\n');
    expect(stdout).toContain('example.com');
  });
});

test('a stream that Node opens is not: the control', async () => {
  const { stdout } = await piped(
    `${process.execPath} -e 'process.stderr; require("child_process").spawnSync("sleep", ["0"]); process.kill(process.pid, "SIGKILL")'; ${FLAGS}`,
  );
  expect(nonBlocking(stdout)[2]).toBe(true);
});
