import { chmodSync, existsSync, mkdirSync, rmdirSync, symlinkSync } from 'node:fs';
import { isRoot, requires } from '../support/requires.ts';
import { ROOT, run, type Scratch, SRT, scratch, srt } from '../support/srt.ts';

describe('bad input ends with one line and exit status 125, and nothing runs', () => {
  let dir: Scratch;
  let ran: string;
  beforeAll(() => {
    dir = scratch();
    ran = `${dir.path}/ran`;
  });
  afterAll(() => dir.remove());
  const touch = () => ['--', 'touch', ran];

  async function refused(args: readonly string[], message: RegExp, options = {}): Promise<void> {
    const { code, signal, stdout, stderr } = await srt(args, options);
    expect({ code, signal, stdout }).toEqual({ code: 125, signal: null, stdout: '' });
    expect(stderr).toMatch(/^srt: [^\n]*\n$/);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at |internal error/);
    expect(existsSync(ran)).toBe(false);
  }

  test('the control: with good settings the same command runs', async () => {
    const allowed = dir.settings({ filesystem: { allowWrite: [dir.path] } });
    expect((await srt(['-s', allowed, ...touch()])).code).toBe(0);
    expect(existsSync(ran)).toBe(true);
    await run(['rm', ran]);
  });

  const texts: [string, string, RegExp][] = [
    ['0 bytes', '', /:1:1: the settings file is empty/],
    ['white space', ' \n\t', /:1:1: the settings file is empty/],
    ['10 MB of [', '['.repeat(10_000_000), /larger than 1 MiB/],
    ['1 MB of [', '['.repeat(1_000_000), /:1:33: nested more than 32 levels/],
    ['a list', '[]', /:1:1: the settings must be object/],
    ['an unknown key', '{\n  "netwrok": {}\n}', /:2:3: unknown key "netwrok".*"network"/],
    ['a nested unknown key', '{"network":{"allowDomains":[]}}', /:1:13: .*"allowedDomains"/],
    ['a repeated key', '{"network":{},"network":{}}', /:1:15: the key "network" is repeated/],
    ['a wrong type', '{"network":{"allowedDomains":"x"}}', /:1:30: .* must be array/],
    ['a syntax error', '{"network": {]}', /:1:14: /],
    ['a path with NUL', '{"filesystem":{"denyRead":["a\\u0000b"]}}', /:1:28: .*contains a NUL/],
    ['a pattern with !', '{"filesystem":{"denyRead":["!*.pem"]}}', /:1:28: .*begins with !/],
    ['half a set', '{"filesystem":{"denyWrite":["a[b"]}}', /:1:29: .*a \[ that begins no set/],
    ['half a brace', '{"filesystem":{"denyWrite":["a{b"]}}', /:1:29: .*braces that do not match/],
    ['a .. after *', '{"filesystem":{"denyWrite":["*/../b"]}}', /:1:29: .*leads upwards/],
    ['a host that is a URL', '{"network":{"allowedDomains":["https://a.b"]}}', /:1:31: .*URL/],
    ['a misspelt preset', '{"network":{"allowedDomains":["@nmp"]}}', /:1:31: .*mean "@npm"/],
    ['a host in a block', '{"network":{"allowedDomains":["10.0.0.1/8"]}}', /:1:31: .* 10.0.0.0\/8/],
    ['ports backwards', '{"network":{"deniedDomains":["*:80-70"]}}', /:1:30: .*backwards: 80-70/],
    ['a whole domain', '{"network":{"allowedDomains":["*.com"]}}', /:1:31: .*top-level domain/],
  ];
  test.each(texts)('settings: %s', async (_name, text, message) => {
    await refused(['--settings', dir.file('bad.json', text), ...touch()], message);
  });

  test('settings that are a directory, missing, or named by nothing', async () => {
    await refused(['-s', dir.path, ...touch()], /is a directory, not a settings file/);
    await refused(['-s', `${dir.path}/none.json`, ...touch()], /no such settings file/);
    await refused(['--settings', '', ...touch()], /--settings needs a value/);
    await refused(['--settings=', ...touch()], /--settings needs a value/);
    await refused(['--settings', ...touch()], /--settings needs a value/);
  });

  test('a broken file in the default place is not replaced by defaults', async () => {
    const home = dir.folder('home');
    dir.file('home/.srt-settings.json', '{');
    await refused(touch(), /~\/\.srt-settings\.json:1:2: /, {
      env: { ...process.env, HOME: home },
    });
  });

  test.each([
    [['--no-such-option', 'true'], /unknown option --no-such-option/],
    [['-x', 'true'], /unknown option -x/],
    [[], /no command given/],
    [['-c'], /-c needs a value/],
    [['-d', '--settings=a', '--settings=b', 'true'], /--settings is given twice/],
  ])('arguments: %j', async (args, message) => {
    await refused(args, message);
  });

  test('a denyWrite that cannot be kept', async () => {
    symlinkSync('loop', `${dir.path}/loop`);
    const settings = dir.settings({
      filesystem: { allowWrite: [dir.path], denyWrite: [`${dir.path}/loop`] },
    });
    await refused(['-s', settings, ...touch()], /denyWrite ".*loop" .*cannot be reached \(ELOOP\)/);
  });

  test.each([
    ['filesystem', 'denyRead'],
    ['filesystem', 'allowRead'],
    ['filesystem', 'allowWrite'],
    ['network', 'allowUnixSockets'],
  ])('a link to a name that is no text, in %s.%s', async (section, list) => {
    const link = `${dir.path}/to-odd-${list}`;
    symlinkSync(Buffer.from(`${dir.path}/\xff`, 'latin1'), link);
    const settings = dir.file('odd.json', `{\n"${section}": {"${list}": ["${link}"]}\n}`);
    await refused(
      ['-s', settings, ...touch()],
      new RegExp(
        `${list} ".*/to-odd-${list}" \\(.*odd.json:2:\\d+\\) leads to ".*not UTF-8 \\(rename`,
      ),
    );
  });

  requires('root', isRoot)('a host without user namespaces', async () => {
    const line = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"';
    const without = ['unshare', '-Ur', 'sh', '-c', line, 'sh'];
    expect((await run([...without, 'true'])).code).toBe(0);
    const { code, stderr } = await run([...without, SRT, '--', 'true']);
    expect(code).toBe(125);
    expect(stderr).toBe(
      'srt: user namespaces are refused: user.max_user_namespaces = 0 ' +
        '(run: sudo sysctl user.max_user_namespaces=10000)\n',
    );
  });

  test('srt inside srt', async () => {
    const { code, stderr } = await srt([
      '-s',
      dir.settings({ filesystem: { allowRead: [ROOT] } }),
      '--',
      SRT,
      'true',
    ]);
    expect(code).toBe(125);
    expect(stderr).toBe(
      'srt: this is inside a sandbox of srt already (run the command without srt)\n',
    );
  });

  test('a working directory that was deleted', async () => {
    const gone = dir.folder('gone');
    const line = `cd ${gone} && rmdir ${gone} && exec "$@"`;
    const argv = [SRT, '--', 'true'];
    const { code, stderr } = await run(['sh', '-c', line, 'sh', ...argv]);
    expect(code).toBe(125);
    expect(stderr).toMatch(/^srt: the working directory no longer exists[^\n]*\n$/);
    mkdirSync(gone);
    rmdirSync(gone);
  });
});

describe('native behaviour of the command', () => {
  test('an environment near the limit of the kernel', async () => {
    const env: Record<string, string> = { PATH: process.env.PATH ?? '' };
    for (let i = 0; i < 14; i++) env[`BIG_${i}`] = 'x'.repeat(125_000);
    const command = ['sh', '-c', 'echo ${#BIG_0} ${#BIG_13}'];
    const control = await run(command, { env });
    expect(control.stdout).toBe('125000 125000\n');
    expect(await srt(['--', ...command], { env })).toEqual(control);
  });

  test('a full disk in TMPDIR is nothing to srt', async () => {
    /* No space is simulated by a folder that cannot be written: srt has no reason to try. */
    const dir = scratch();
    chmodSync(dir.path, 0o500);
    const env = { ...process.env, TMPDIR: dir.path };
    const command = ['sh', '-c', 'echo "$TMPDIR"; mktemp >/dev/null'];
    expect(await srt(['--', ...command], { env })).toMatchObject({ code: 0, stdout: '/tmp\n' });
    chmodSync(dir.path, 0o700);
    dir.remove();
  });
});
