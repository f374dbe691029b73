import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { killDescendants } from './process-tree.mjs';

/** The caller's environment without its proxies: the existing srt would send our loopback
 * connections through them, and so would the control. And without what makes Node read certificates at
 * each start, which takes it longer than all the rest of that and which srt alone does without. */
export const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/_proxy$|^NODE_EXTRA_CA_CERTS$/i.test(name)),
);

/** Runs one program with empty input. `milliseconds` is the time from before the fork until its
 * exit was seen. Rejects after `timeout` ms, and unless it ends with status 0. */
export async function runToEnd(argv, options) {
  const ended = await runAnyway(argv, options);
  if (ended.code === 0) return ended;
  const status = ended.code ?? ended.signal;
  throw new Error(`${basename(argv[0])} ended with ${status}: ${reasonOf(ended)}`);
}

/** The same, but whatever the exit status. */
export function runAnyway(argv, { cwd, timeout = 30_000, env = environment }) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(argv[0], argv.slice(1), { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const printed = { stdout: '', stderr: '' };
    for (const name of Object.keys(printed)) {
      child[name].setEncoding('utf8').on('data', (text) => {
        printed[name] += text;
      });
    }
    let milliseconds = 0;
    const timer = setTimeout(() => {
      killTree(child);
      reject(new Error(`${basename(argv[0])} still ran after ${timeout / 1000} s`));
    }, timeout);
    child.on('error', reject);
    child.on('exit', () => {
      milliseconds = performance.now() - begun;
      /* A process left behind may hold the pipes open; the figures do not wait for it. */
      setTimeout(() => closePipes(child), 1000).unref();
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, milliseconds, ...printed });
    });
  });
}

/** Ends a child of ours that still runs, and everything below it. */
export function killTree(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  killDescendants(child.pid);
  child.kill('SIGKILL');
  closePipes(child);
}

function closePipes({ stdin, stdout, stderr }) {
  for (const stream of [stdin, stdout, stderr]) stream?.destroy();
}

/** What a failed program gave as its reason: one line. Node prints where it threw first. */
export function reasonOf({ stderr }) {
  const lines = stderr.trim().split('\n');
  return lines.find((line) => /^\w*Error\b/.test(line)) || lines[0] || 'it printed nothing';
}
