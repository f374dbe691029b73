/* A command as srt starts it on macOS, by a sandbox-exec that makes no sandbox. */
import { chmodSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAILS, type FakeMac, fakeMac } from '../../../support/mac.ts';
import { stillAlive } from '../../../support/processes.ts';
import { readProfile } from '../../../support/seatbelt/evaluate.ts';
import { run } from '../../../support/srt.ts';

let mac: FakeMac;
beforeAll(async () => {
  mac = await fakeMac();
});
afterAll(() => mac.remove());
/* Whatever became of the run, nothing of it is left. */
afterEach(() => expect(mac.left()).toEqual([]));

const sh = (line: string, ...words: string[]) => ['sh', '-c', line, 'sh', ...words];

describe('the command', () => {
  test.each([
    ['its own status', 'exit 3', 3],
    ['success', 'exit 0', 0],
    ['one of those of sandbox-exec', 'exit 71', 71],
    ['another of those', 'exit 65', 65],
    ['a signal', 'kill -TERM $$', 128 + 15],
    ['another signal', 'kill -KILL $$', 128 + 9],
  ])('ends with %s', async (_what, line, status) => {
    expect(await mac.run(sh(line))).toMatchObject({ code: status, stdout: '', stderr: '' });
  });

  test('has the standard streams of srt, byte for byte', async () => {
    const input = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
    const line = 'cat | od -An -v -tu1 | cksum; echo said >&2';
    const control = await mac.run(sh('cksum'), { input });
    expect(control.code).toBe(0);
    const { stdout, stderr } = await mac.run(sh(line), { input });
    const numbers = [...input].map((byte) => String(byte).padStart(4));
    const lines = Array.from({ length: numbers.length / 16 }, (_, at) =>
      numbers.slice(at * 16, at * 16 + 16).join(''),
    );
    const expected = await mac.run(sh('cksum'), { input: `${lines.join('\n')}\n` });
    expect([stdout, stderr]).toEqual([expected.stdout, 'said\n']);
  });

  test('gets its arguments as they are', async () => {
    const words = ['', 'a b', '--', '-f', "'", '"', '\\', '\n', '$HOME', '*', 'é', '😀'];
    const print = 'for word; do printf "[%s]" "$word"; done';
    expect((await mac.run(sh(print, ...words))).stdout).toBe(words.map((w) => `[${w}]`).join(''));
  });

  test('has no descriptor of srt or the keeper', async () => {
    const control = await run(['ls', '/proc/self/fd']);
    expect((await mac.run(['ls', '/proc/self/fd'])).stdout).toBe(control.stdout);
  });

  test('starts in the working directory, in a session of its own', async () => {
    const { stdout } = await mac.run(sh('pwd; ps -o sid= -p $$; echo $$'));
    const [folder, session = '', pid] = stdout.split('\n');
    expect(folder).toBe(mac.cwd);
    expect(session.trim()).toBe(pid);
  });

  test('finds an empty folder for temporary files, which goes with the run', async () => {
    const { stdout } = await mac.run(
      sh('echo $TMPDIR; ls -A $TMPDIR; echo x > $TMPDIR/x; ls $TMPDIR'),
    );
    const [folder = '', ...names] = stdout.trim().split('\n');
    expect(folder.startsWith(`${mac.userTemporary}/srt-`)).toBe(true);
    expect(names).toEqual(['x']);
    expect(existsSync(folder)).toBe(false);
  });

  test('has caches of its own where the settings say so, which go with the run', async () => {
    const settings = { filesystem: { privateCaches: true } };
    const line = 'echo $PIP_CACHE_DIR; mkdir $PIP_CACHE_DIR && echo x > $PIP_CACHE_DIR/x';
    const { stdout, code } = await mac.run(sh(line), { settings });
    expect([code, stdout.trim()]).toEqual([
      0,
      expect.stringMatching(new RegExp(`^${mac.userTemporary}/srt-[0-9a-f]+/caches/pip$`)),
    ]);
    expect(mac.left()).toEqual([]);
  });

  test('or of its name, which are kept', async () => {
    const given = { settings: { filesystem: { privateCaches: true } }, name: 'files' };
    const kept = join(mac.cwd, '.cache/srt/files');
    const line = 'echo $PIP_CACHE_DIR; mkdir -p $PIP_CACHE_DIR && echo x >> $PIP_CACHE_DIR/x';
    for (let run = 0; run < 2; run++)
      expect((await mac.run(sh(line), given)).stdout.trim()).toBe(join(kept, 'pip'));
    expect(readFileSync(join(kept, 'pip/x'), 'utf8')).toBe('x\nx\n');
    rmSync(join(mac.cwd, '.cache'), { recursive: true });
  });

  test('is not started where a link is in the place of its caches', async () => {
    const given = { settings: { filesystem: { privateCaches: true } }, name: 'files' };
    symlinkSync('/', join(mac.cwd, '.cache'));
    const { code, stdout, stderr } = await mac.run(sh('echo ran'), given);
    rmSync(join(mac.cwd, '.cache'));
    expect([code, stdout]).toEqual([125, '']);
    expect(stderr).toMatch(/private caches: .*\.cache" is a symbolic link/);
  });

  test('cannot keep its temporary files by taking the rights to them away', async () => {
    const line = 'mkdir -p $TMPDIR/a/b && echo x > $TMPDIR/a/b/c && chmod 0 $TMPDIR/a/b $TMPDIR/a';
    expect((await mac.run(sh(line))).code).toBe(0);
  });

  test('leaves nothing behind in its process group', async () => {
    const { stdout } = await mac.run(sh('sleep 300 >/dev/null 2>&1 & echo $!'));
    expect(await stillAlive([Number(stdout)])).toEqual([]);
  });

  test('what begins like an option is a command', async () => {
    const folder = join(mac.cwd, 'bin');
    await mac.run(['mkdir', '-p', folder]);
    writeFileSync(join(folder, '-f'), '#!/bin/sh\necho run as -f\n');
    chmodSync(join(folder, '-f'), 0o755);
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    expect((await mac.run(['-f'], { env })).stdout).toBe('run as -f\n');
  });
});

describe('the profile and the token', () => {
  test('the profile is whole, and says its tag in every denial', async () => {
    await mac.run(['true'], { settings: { filesystem: { allowWrite: ['.'] } } });
    const messages = readProfile(mac.profile()).rules.flatMap(({ allow, message }) =>
      allow ? [] : [message],
    );
    expect(messages[0]).toMatch(/^srt-[0-9a-f]{24}$/);
    expect(new Set(messages).size).toBe(1);
  });

  test('each run has its own tag, port, folder and token', async () => {
    const seen = [];
    for (let run = 0; run < 2; run++) {
      const { stdout } = await mac.run(sh('echo $HTTP_PROXY $TMPDIR'));
      const [, , token, port] = /srt:(.*)@127.0.0.1:(\d+) /.exec(stdout)?.concat('') ?? [];
      const tag = /message "([^"]*)"/.exec(mac.profile())?.[1];
      seen.push([/srt:(.*)@/.exec(stdout)?.[1], token, port, tag, stdout.split(' ')[1]]);
    }
    expect(seen[0]?.[0]).toMatch(/^[\w-]{43}$/);
    for (const [at, value] of (seen[0] ?? []).entries())
      if (value !== '') expect(value).not.toBe(seen[1]?.[at]);
  });

  test('the token is on no argv, in no event and in nobody else’s environment', async () => {
    /* The command, its parent (the keeper) and srt, as anybody can see them. */
    const see =
      'k=$(ps -o ppid= -p $$ | tr -d " "); s=$(ps -o ppid= -p $k | tr -d " ");' +
      'for p in $$ $k $s; do tr "\\0" " " < /proc/$p/cmdline; echo; done; echo ---;' +
      'for p in $k $s; do tr "\\0" "\\n" < /proc/$p/environ; done; echo ---; echo "$HTTP_PROXY"';
    const { stdout } = await mac.run(sh(see));
    const [argvs = '', environments = '', proxy = ''] = stdout.split('---\n');
    const token = /srt:(.*)@/.exec(proxy)?.[1] ?? 'none';
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(argvs).toMatch(/keeper\.cjs/);
    expect(argvs + environments + JSON.stringify(mac.events()) + mac.profile()).not.toContain(
      token,
    );
  });
});

describe('a command that cannot be executed', () => {
  test.each([
    ['a name that is nowhere', 'no-such-command', 127, /"no-such-command": command not found/],
    ['a path that is nowhere', './none', 127, /command not found/],
    ['a folder', '/usr', 126, /cannot execute \(EACCES\)/],
    ['nothing', '', 127, /command not found/],
  ])('%s', async (_what, command, status, message) => {
    const { code, stderr } = await mac.run([command]);
    expect([code, stderr]).toEqual([status, expect.stringMatching(message)]);
    expect(stderr).toMatch(/^srt: .*\n$/);
  });

  test('arguments that are too long', async () => {
    const settings = { env: { set: { LONG: 'x'.repeat(200_000) } } };
    const { code, stderr } = await mac.run(['true'], { settings });
    expect([code, stderr]).toEqual([126, expect.stringMatching(/too long \(E2BIG\)/)]);
  });
});

describe('a sandbox that does not come up', () => {
  test('inside of another sandbox', async () => {
    const { code, stderr } = await mac.run(['true'], { sandboxExec: FAILS.nested });
    expect(code).toBe(125);
    expect(stderr).toMatch(/srt: this is inside a sandbox already \(run the command without srt/);
  });

  test('a profile that this macOS does not take', async () => {
    const { code, stderr } = await mac.run(['true'], { sandboxExec: FAILS.profile });
    expect(code).toBe(125);
    expect(stderr).toMatch(/srt: macOS does not take the profile: .*unbound variable: file-red\*/);
  });

  test('the control: with a profile that was taken, the same status is the command’s', async () => {
    const { code, stderr } = await mac.run(['sh'], { sandboxExec: FAILS.denied });
    expect([code, stderr]).toEqual([71, '']);
  });

  test('no sandbox-exec, or none that can be executed', async () => {
    const { code, stderr } = await mac.run(['true'], {
      facts: { sandboxExec: join(mac.cwd, 'none') },
    });
    expect([code, stderr]).toEqual([125, expect.stringMatching(/set up: the command \(ENOENT\)/)]);
  });

  test('no keeper in the package', async () => {
    const { code, stderr } = await mac.run(['true'], { facts: { dist: mac.cwd } });
    expect(code).toBe(125);
    expect(stderr).toMatch(/the process that keeps the command did not start/);
  });

  test('no room for the folder of the run', async () => {
    const facts = { userTemporary: join(mac.cwd, 'none') };
    const { code, stderr } = await mac.run(['true'], { facts });
    expect([code, stderr]).toEqual([125, expect.stringMatching(/the folder .* \(ENOENT\)/)]);
  });
});

describe('the log of the system', () => {
  /* Prints a denial with the tag that it was asked for, and goes on until it is ended. */
  const LOG = `tag=$(echo "$5" | sed 's/.*"\\(srt-[0-9a-f]*\\)"$/\\1/')
printf '{"eventMessage":"Sandbox: cat(1) deny(1) file-read-data /x\\\\n%s"}\\n' "$tag"
echo $$ > "$0.pid"; exec sleep 300`;
  const denials = () => mac.events().filter(({ type }) => type === 'violation');

  test('is read for as long as the command runs', async () => {
    const { code } = await mac.run(sh('sleep 0.2'), { log: LOG });
    expect(code).toBe(0);
    expect(denials()).toEqual([
      { type: 'violation', operation: 'file-read-data', target: '/x', process: expect.anything() },
    ]);
    const reader = Number(readFileSync(`${mac.cwd}/../log.pid`, 'utf8'));
    expect(await stillAlive([reader])).toEqual([]);
  });

  test('that cannot be read is no reason not to run', async () => {
    const { code } = await mac.run(sh('sleep 0.2; exit 4'), {
      facts: { log: '/nowhere' },
      log: '',
    });
    expect(code).toBe(4);
    expect(mac.events()).toContainEqual({
      type: 'notice',
      message: 'denials are not reported: log: spawn /nowhere ENOENT',
    });
  });
});

test('srt says when the command has started, and that only proxies have a network', async () => {
  await mac.run(['true']);
  const started = { type: 'started', milliseconds: expect.any(Number), transparent: false };
  expect(mac.events().at(-1)).toEqual(started);
});
