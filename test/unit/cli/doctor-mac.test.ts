/* The doctor of macOS with what it might find there; no Mac has been asked. */
import { renderCheck } from '../../../src/cli/doctor-checks.ts';
import { type MacParts, macChecks } from '../../../src/cli/doctor-mac.ts';
import { judgeMacProbe } from '../../../src/cli/doctor-mac-probe.ts';
import { compileProfile } from '../../../src/compile/seatbelt/profile.ts';
import { SrtError } from '../../../src/errors.ts';
import { probeSandboxExec } from '../../../src/host/mac/sandbox-exec.ts';
import { probeVersion } from '../../../src/host/mac/version.ts';
import { createPathProbe } from '../../../src/host/paths.ts';
import { loadText } from '../../../src/settings/load.ts';
import { toPolicy } from '../../../src/settings/to-policy.ts';
import { profileFailure } from '../../../src/supervisor/seatbelt/start-failure.ts';
import { allows, readProfile } from '../../support/seatbelt/evaluate.ts';
import { run } from '../../support/srt.ts';

/** What a sandbox does that keeps every promise. */
const CONFINED = {
  ...{ read: 'succeeded', readDenied: 'EPERM', write: 'succeeded', writeOutside: 'EPERM' },
  ...{ temporary: 'succeeded', rename: 'succeeded', renameKept: 'EPERM', create: 'succeeded' },
  ...{
    createKept: 'EPERM',
    createOtherCase: 'EPERM',
    createJoined: 'EPERM',
    replaceJoined: 'EPERM',
    link: 'EPERM',
    run: 'succeeded',
  },
  ...{ runDenied: 'EPERM', runSetUserId: 'EPERM', signal: 'succeeded', signalOutside: 'EPERM' },
  ...{ gate: '403', gateWithoutToken: '407', connect: 'EPERM', connectHere: 'EPERM' },
  ...{ connectUnix: 'EPERM', datagram: 'EPERM', listen: 'EPERM', listenUnix: 'EPERM' },
  ...{ name: 'EPERM', nameInFolder: 'EPERM', nameByRename: 'EPERM', passage: 'EPERM' },
  ...{
    passageByRename: 'EPERM',
    passageMoved: 'EPERM',
    passageFile: 'succeeded',
    pattern: 'EPERM',
  },
  ...{ patternCarried: 'EPERM', patternHidden: 'EPERM', hostName: 'ENOTFOUND' },
};

const wrong = (result: Record<string, string>) =>
  judgeMacProbe(result).filter(({ status }) => status !== 'ok');

function parts(run: (argv: readonly (string | Buffer)[]) => Promise<string>): MacParts {
  return {
    version: () => '14.5',
    sandboxExec: () => '/usr/bin/sandbox-exec',
    sandbox: async () => ({
      async run(argv, output) {
        output?.(Buffer.from(await run(argv)));
        return { code: 0, signal: null };
      },
    }),
  };
}

const failing = (error: unknown) => parts(() => Promise.reject(error));

async function statuses(given: MacParts): Promise<Record<string, string>> {
  const checks = await macChecks(given);
  return Object.fromEntries(checks.map(({ capability, status }) => [capability, status]));
}

test('a Mac on which all is well', async () => {
  const checks = await macChecks(parts(async () => JSON.stringify(CONFINED)));
  expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
  expect(checks.slice(0, 3).map(({ capability }) => capability)).toEqual([
    ...['macOS', 'sandbox-exec', 'sandbox'],
  ]);
  expect(checks).toHaveLength(3 + Object.keys(CONFINED).length);
});

/* Each promise is broken alone, and only its own line says so. */
test.each(Object.keys(CONFINED))('%s that goes otherwise', (key) => {
  for (const met of ['timeout', CONFINED.read === CONFINED[key as 'read'] ? 'EPERM' : 'succeeded'])
    expect(wrong({ ...CONFINED, [key]: met })).toHaveLength(1);
});

test.each(Object.keys(CONFINED))('%s that was not tried', (key) => {
  const { [key as 'read']: _, ...rest } = CONFINED;
  const [check, ...others] = wrong(rest);
  expect(others).toEqual([]);
  expect(check?.why).toMatch(/^not tried instead of /);
});

test('a sandbox that is none is found out, and the probe runs to its end', async () => {
  const outside = async (argv: readonly (string | Buffer)[]) => {
    const env = { ...process.env, HTTP_PROXY: 'http://srt:x@127.0.0.1:1' };
    const { stdout, stderr } = await run(argv.map(String), { env });
    expect(stderr).toBe('');
    return stdout;
  };
  const checks = await macChecks(parts(outside));
  const of = (status: string) =>
    checks.flatMap((check) => (check.status === status ? [check.capability] : []));
  expect(of('ok')).toEqual(expect.arrayContaining(['reading', 'writing', 'running', 'renaming']));
  expect(of('missing')).toEqual(
    expect.arrayContaining([
      ...['denied reads', 'denied writes', 'folders that stay', 'names that stay free'],
      ...['names in another case', 'names with letters joined', 'files replaced by such a name'],
      ...['no second names', 'denied programs', 'no others'],
      ...['no ports of this machine', 'no listening', 'no listening by a path', 'gate'],
    ]),
  );
});

/** What the evaluator says of the profile for the doctor's own settings: what the probe should meet. */
test('a profile keeps what is tried of files', async () => {
  let said: Record<string, boolean> = {};
  await macChecks({
    ...parts(async () => '{}'),
    async sandbox(settings, cwd) {
      const loaded = loadText(JSON.stringify(settings), 'doctor');
      const policy = toPolicy(loaded, { home: cwd, cwd, protect: [], platform: 'darwin' });
      const probe = createPathProbe();
      const bases = [...policy.patterns.map(({ base }) => base), ...policy.homes];
      const paths = [...policy.paths.map(({ path }) => path), ...bases];
      const temporary = `${cwd}/tmp`;
      const { text } = compileProfile({
        ...{ rules: policy.paths, patterns: policy.patterns, homes: policy.homes },
        protectedNames: policy.protectedNames,
        facts: {
          ...{ cwd, temporary, userTemporary: null, caseInsensitive: true },
          paths: new Map(paths.map((path) => [path, probe(path)])),
        },
        ...{ gatePort: 1, tag: 'srt-0' },
      });
      const profile = readProfile(text);
      const may = (operation: string, path: string, vnodeType = 'REGULAR-FILE') =>
        allows(profile, { operation, path: `${cwd}/${path}`, vnodeType });
      const make = (path: string, vnodeType?: string) =>
        may('file-write-create', `inside/${path}`, vnodeType);
      said = {
        ...{ read: may('file-read-data', 'readable'), readDenied: may('file-read-data', 'denied') },
        ...{ write: make('new'), writeOutside: may('file-write-create', 'outside/new') },
        ...{ rename: make('moved', 'DIRECTORY'), create: make('made', 'DIRECTORY') },
        renameKept: may('file-write-unlink', 'inside/kept', 'DIRECTORY'),
        ...{
          createKept: make('unfit', 'DIRECTORY'),
          createOtherCase: make('UnFit', 'DIRECTORY'),
          createJoined: make('un\ufb01t', 'DIRECTORY'),
          replaceJoined: make('kept/\ufb01le'),
        },
        ...{ name: make('.mcp.json'), nameInFolder: make('.vscode/tasks.json') },
        ...{ nameByRename: make('.idea', 'DIRECTORY'), passage: make('.github', 'DIRECTORY') },
        passageByRename: make('.claude', 'DIRECTORY'),
        passageMoved: may('file-write-unlink', 'inside/.git', 'DIRECTORY'),
        ...{ passageFile: make('.codex'), pattern: make('made/a.keep') },
        patternCarried: may('file-write-create', 'tmp/x/a.keep'),
        patternHidden: may('file-read-data', 'inside/a.hide'),
      };
      return parts(async () => '{}').sandbox(settings, cwd);
    },
  });
  const expected = Object.keys(said).map((key) => [key, CONFINED[key as 'read'] === 'succeeded']);
  expect(said).toEqual(Object.fromEntries(expected));
  expect(Object.keys(said)).toHaveLength(21);
});

describe('a Mac on which it is not', () => {
  const nested = profileFailure('sandbox-exec: sandbox_apply: Operation not permitted');
  const rejected = profileFailure('sandbox-exec: profile.sb:7:2: unbound variable: file-red*');

  test.each<[string, MacParts, string, RegExp]>([
    [
      'without sandbox-exec',
      {
        ...failing(new SrtError('SRT_HOST_SANDBOX_EXEC', 'x')),
        sandboxExec: () => probeSandboxExec('/nowhere'),
      },
      'sandbox-exec',
      /^missing {3}sandbox-exec: \/nowhere is missing\n {10}fix: it is part of macOS/,
    ],
    [
      'that is old',
      {
        ...failing(new SrtError('SRT_HOST_MACOS_OLD', 'x')),
        version: () => probeVersion('/nowhere'),
      },
      'macOS',
      /^missing {3}macOS: \/nowhere does not say which macOS this is\n$/,
    ],
    [
      'inside of another sandbox',
      failing(nested),
      'sandbox',
      /^missing {3}sandbox: this is inside a sandbox already\n {10}fix: run the command without srt/,
    ],
    [
      'that does not take the profile',
      failing(rejected),
      'sandbox',
      /^missing {3}sandbox: macOS does not take the profile: .*unbound variable: file-red\*\n {10}fix: report/,
    ],
    [
      'where the probe prints something else',
      parts(async () => 'Killed: 9'),
      'sandbox',
      /^missing {3}sandbox: .*JSON/,
    ],
  ])('%s', async (_what, given, capability, line) => {
    const check = (await macChecks(given)).find((one) => one.capability === capability);
    expect(check && renderCheck(check)).toMatch(line);
    expect((await statuses(given))[capability]).toBe('missing');
  });
});
