import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export const ROOT = join(__dirname, '..', '..');
/** As a user starts it. */
export const SRT = join(ROOT, 'dist', 'bin', 'srt');
/** The same as Node starts it alone, where there is no srt-init to start it. */
export const SRT_ALONE = join(ROOT, 'dist', 'srt.cjs');

/* bash takes a socket on its standard input for a remote login and reads ~/.bashrc, whatever that
 * prints; not where it is a shell below another (bash(1), SHLVL). */
process.env.SHLVL = '2';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions extends SpawnOptions {
  input?: string | Buffer;
  timeout?: number;
}

/** Collects what a child prints until it is gone. Kills it, and fails, after `timeout` ms. */
export function ended(child: ChildProcess, timeout = 15_000): Promise<Ended> {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout?.on('data', (chunk: Buffer) => chunks.stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => chunks.stderr.push(chunk));
  return new Promise((resolve, reject) => {
    const text = (name: 'stdout' | 'stderr') => Buffer.concat(chunks[name]).toString('utf8');
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`still running after ${timeout} ms: ${text('stdout')}${text('stderr')}`));
    }, timeout);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout: text('stdout'), stderr: text('stderr') });
    });
  });
}

/** Runs any program: the control of a test, outside the sandbox. */
export function run(argv: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const { input, timeout, ...spawnOptions } = options;
  const child = spawn(argv[0] as string, argv.slice(1), { stdio: 'pipe', ...spawnOptions });
  child.stdin?.on('error', () => {});
  child.stdin?.end(input ?? '');
  return ended(child, timeout);
}

/** Runs srt with these arguments. */
export function srt(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return run([SRT, ...args], options);
}

/** A folder for one test, below the home folder: /tmp is private in a sandbox. */
export interface Scratch {
  path: string;
  /** Writes a file below it and returns its path. */
  file(name: string, text?: string, mode?: number): string;
  folder(name: string): string;
  /** Writes a settings file and returns its path. */
  settings(settings: unknown): string;
  remove(): void;
}

export function scratch(): Scratch {
  const parent = join(homedir(), '.cache', 'srt-test');
  mkdirSync(parent, { recursive: true });
  const path = realpathSync(mkdtempSync(join(parent, 't-')));
  let count = 0;
  const file = (name: string, text = '', mode = 0o644) => {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text, { mode });
    return join(path, name);
  };
  return {
    path,
    file,
    folder(name) {
      mkdirSync(join(path, name), { recursive: true });
      return join(path, name);
    },
    settings: (settings) => file(`settings-${count++}.json`, JSON.stringify(settings)),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
