/* A Mac that is none: srt as it would run there, with a sandbox-exec that makes no sandbox. What it
 * shows is what srt does around the command; what macOS does is not in it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { SandboxEvent } from '../../src/events.ts';
import type { MacFacts } from '../../src/host/mac/facts.ts';
import type { Settings } from '../../src/settings/settings.ts';
import type { HarnessInput } from './mac-harness.ts';
import { type Ended, ended, ROOT, type RunOptions, scratch } from './srt.ts';

/** Takes `-f PROFILE -- COMMAND` as sandbox-exec does, and keeps a copy of the profile. */
const OBEYS = `#!/bin/sh
[ "$1" = -f ] && [ "$3" = -- ] || { echo "sandbox-exec: usage" >&2; exit 64; }
/bin/cp "$2" "$0.profile" || exit 65
shift 3
exec "$@"
`;

/** Does as sandbox-exec where it fails; the texts are from public reports. */
export const FAILS = {
  nested: 'echo "sandbox-exec: sandbox_apply: Operation not permitted" >&2; exit 71',
  profile: 'echo "sandbox-exec: profile.sb:7:2: unbound variable: file-red*" >&2; exit 65',
  denied: `case "$4" in /usr/bin/true) ;; *) exec /bin/sh -c 'exit 71';; esac
echo "sandbox-exec: execvp() of '/usr/bin/true' failed: Operation not permitted" >&2; exit 71`,
};

export interface FakeMac {
  /** The project, and where the user's temporary files are. */
  cwd: string;
  userTemporary: string;
  /** The command line by which srt starts the command. */
  line(command: readonly string[], options?: MacOptions): string[];
  start(command: readonly string[], options?: MacOptions): ChildProcess;
  run(command: readonly string[], options?: MacOptions): Promise<Ended>;
  events(): SandboxEvent[];
  /** The profile of the last start. */
  profile(): string;
  /** What is left of the folders of runs. */
  left(): string[];
  remove(): void;
}

export interface MacOptions extends RunOptions {
  settings?: Settings;
  facts?: Partial<MacFacts>;
  /** Whether the output is taken as a library takes it. */
  captures?: boolean;
  /** What the sandbox is called. */
  name?: string;
  /** What log(1) does, where denials are read from it. */
  log?: string;
  /** What sandbox-exec does; by default it starts the command. */
  sandboxExec?: string;
}

export async function fakeMac(): Promise<FakeMac> {
  const dir = scratch();
  const harness = join(dir.path, 'harness.cjs');
  await build({
    entryPoints: [join(__dirname, 'mac-harness.ts')],
    outfile: harness,
    bundle: true,
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    loader: { '.sb': 'text' },
    alias: { 'srt:compiled-validator': join(ROOT, 'dist/test/validator.cjs') },
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '"file:///srt.cjs"' },
  });
  const cwd = dir.folder('project');
  const userTemporary = dir.folder('T');
  const events = dir.file('events.jsonl');
  const sandboxExec = join(dir.path, 'sandbox-exec');
  let count = 0;
  const line = (command: readonly string[], options: MacOptions = {}) => {
    const { settings = {}, facts = {}, sandboxExec: does = OBEYS, log, name } = options;
    dir.file('sandbox-exec', does.startsWith('#!') ? does : `#!/bin/sh\n${does}\n`, 0o755);
    if (log !== undefined) dir.file('log', `#!/bin/sh\n${log}\n`, 0o755);
    const given: HarnessInput = {
      denials: log !== undefined,
      captures: options.captures ?? false,
      name,
      facts: {
        ...{ sandboxExec, node: process.execPath, dist: join(ROOT, 'dist'), cwd, userTemporary },
        ...{ log: join(dir.path, 'log'), ...facts },
      },
      settings,
      events,
    };
    const file = dir.file(`given-${count++}.json`, JSON.stringify(given));
    return [process.execPath, harness, file, ...command];
  };
  const start = (command: readonly string[], options: MacOptions = {}) => {
    const { settings: _s, facts: _f, sandboxExec: _x, log: _l, ...others } = options;
    const { captures: _c, name: _n, ...more } = others;
    const { input: _i, timeout: _t, ...rest } = more;
    const [node = '', ...args] = line(command, options);
    return spawn(node, args, { cwd, stdio: 'pipe', ...rest });
  };
  return {
    cwd,
    userTemporary,
    line,
    start,
    run(command, options = {}) {
      const child = start(command, options);
      child.stdin?.on('error', () => {});
      child.stdin?.end(options.input ?? '');
      return ended(child, options.timeout);
    },
    events: () =>
      readFileSync(events, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    profile: () => readFileSync(`${sandboxExec}.profile`, 'utf8'),
    left: () => readdirSync(userTemporary),
    remove: dir.remove,
  };
}
