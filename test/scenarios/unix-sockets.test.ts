/* What programs do with sockets that they make themselves: a path is nothing that one must ask for. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { requires } from '../support/requires.ts';
import {
  type Ended,
  ROOT,
  type RunOptions,
  run,
  type Scratch,
  scratch,
  srt,
} from '../support/srt.ts';

let dir: Scratch;
let options: RunOptions;
beforeAll(() => {
  dir = scratch();
  options = { cwd: dir.folder('work'), timeout: 60_000 };
});
afterAll(() => dir.remove());

/** The same inside and outside. */
async function both(argv: readonly string[], network: object = {}): Promise<[Ended, Ended]> {
  const settings = dir.settings({ filesystem: { allowWrite: [`${dir.path}/work`] }, network });
  const inside = await srt(['-s', settings, '--', ...argv], options);
  return [inside, await run(argv, options)];
}

async function expectSame(argv: readonly string[], stdout: string, network = {}): Promise<void> {
  const [inside, outside] = await both(argv, network);
  expect(outside).toMatchObject({ code: 0, stdout });
  expect(inside).toMatchObject({ code: 0, stdout });
}

const NODE = `
const net = require('node:net'), fs = require('node:fs');
const server = net.createServer((socket) => socket.end('hello')).listen(process.argv[1], () => {
  fs.renameSync(process.argv[1], process.argv[1] + '-2');
  let got = '';
  net.connect(process.argv[1] + '-2').on('data', (data) => { got += data; }).on('close', () => {
    console.log(got);
    server.close(() => fs.rmSync(process.argv[1] + '-2', { force: true }));
  });
});
`;

describe('Node', () => {
  test.each(['socket', `/tmp/srt-test-${process.pid}`])('serves itself at %s', (path) =>
    expectSame([process.execPath, '-e', NODE, path], 'hello\n'));

  test('without mediated TCP too', () =>
    expectSame([process.execPath, '-e', NODE, 'socket'], 'hello\n', { transparent: false }));

  test('is served by another process, after that one called execve', () =>
    expectSame(
      [
        process.execPath,
        '-e',
        `const net = require('node:net');
         const server = net.createServer((socket) => socket.end()).listen('other', () => {
           const script = "require('net').connect('other').on('close', () => console.log('closed')).resume()";
           require('node:child_process').execFile(process.execPath, ['-e', script], (error, out) => {
             process.stdout.write(String(error ?? '') + out);
             server.close();
           });
         });`,
      ],
      'closed\n',
    ));
});

const PYTHON = `
import multiprocessing, multiprocessing.connection, os, socket
def serve(path, ready):
    with multiprocessing.connection.Listener(path, 'AF_UNIX') as listener:
        ready.set()
        with listener.accept() as connection:
            connection.send(connection.recv() * 2)
if __name__ == '__main__':
    with multiprocessing.Manager() as manager:
        print(len(manager.list([1, 2, 3])))
    ready = multiprocessing.Event()
    child = multiprocessing.Process(target=serve, args=('listener', ready))
    child.start()
    ready.wait()
    with multiprocessing.connection.Client('listener') as connection:
        connection.send(21)
        print(connection.recv())
    child.join()
    a, b = socket.socketpair()
    read, write = os.pipe()
    socket.send_fds(a, [b'x'], [write])
    _, (passed,), _, _ = socket.recv_fds(b, 1, 1)
    os.write(passed, b'passed')
    print(os.read(read, 9).decode())
`;
const python = requires('Python', has('python3'));
python('multiprocessing of Python has its managers, listeners and descriptors', () =>
  expectSame(['python3', '-c', PYTHON], '3\n42\npassed\n'),
);

const DIAL = buildC(join(ROOT, 'test', 'support', 'unix-calls.c'), 'cc', ['-static', '-pthread']);
const compiled = requires('a C compiler', DIAL !== null);

/* [what, what it says inside and outside] */
compiled.each([
  ['blocking', 'waited 0'],
  ['nonblocking', 'EAGAIN'],
  ['limited', 'EAGAIN'],
  ['signal', 'EINTR'],
  ['restart', 'waited 0'],
  ['twice', 'EISCONN'],
  ['stale', 'ECONNREFUSED'],
  ['taken', 'EADDRINUSE'],
  ['rebound', 'EINVAL'],
  ['longest', '0'],
  ['unterminated', '0'],
  ['abstract', '0'],
  ['autobind', '0'],
  ['seqpacket', '0'],
  ['type', 'EPROTOTYPE'],
  ['sendto', 'EOPNOTSUPP'],
  ['sendto-connected', 'EISCONN'],
  ['fault', 'EFAULT'],
  ['too-long', 'EINVAL'],
  ['negative', 'EINVAL'],
  ['empty', 'EINVAL'],
  ['no-socket', 'ENOTSOCK'],
  ['closed', 'EBADF'],
  ['path-only', 'EBADF'],
  ['wrong-family', 'EINVAL'],
  ['mode', '0600'],
])('connect(2) and bind(2), %s: %s', (what: unknown, says: unknown) =>
  expectSame([String(DIAL), String(what)], `${says}\n`),
);

/** In the PATH of this test. */
function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
