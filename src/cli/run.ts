import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SrtError } from '../errors.ts';
import type { SandboxEvent } from '../events.ts';
import { installedAt } from '../host/installation.ts';
import { homeFolders, rawArguments } from '../host/own-process.ts';
import { workingDirectory } from '../host/probe.ts';
import type { Policy } from '../policy/policy.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { DEFAULT_FILE, loadSettings } from '../settings/load.ts';
import { usesRegistries } from '../settings/network-rules.ts';
import { toPolicy } from '../settings/to-policy.ts';
import type { Front } from './front.ts';
import type { Invocation } from './invocation.ts';
import { followLater } from './live-sources.ts';
import { searchProgress } from './progress.ts';
import { readOnce } from './registries-once.ts';
import { renderEvent } from './render.ts';
import type { Report } from './report.ts';
import { standardError } from './standard-streams.ts';

type RunInvocation = Extract<Invocation, { verb: 'run' }>;

/** From the settings that the options name to a sandbox that is ready to run, and that follows
 * them while a command does. */
async function sandboxFor(
  { settings, name, debug, controlFd, cleanEnv }: RunInvocation,
  report: Report | null,
  front: Front | null,
): Promise<Sandbox> {
  if (controlFd !== null)
    (await import('./live.ts')).checkControlFd(controlFd, front?.descriptors ?? []);
  const { home, otherHomes } = homeFolders();
  const cwd = workingDirectory();
  const path = settings === null ? `${home}/${DEFAULT_FILE}` : resolve(cwd, settings);
  /* It can be read once, and srt may have to start again. */
  if (front && settings !== null && isStream(path)) front.prestarted.startAlone();
  const loaded = loadSettings(settings, home);
  /* A run that could write one of these would decide what the next run allows. */
  const own = [dirname(installedAt()), process.execPath, `${home}/${DEFAULT_FILE}`];
  const protect = settings === null ? own : [...own, path];
  const registries = usesRegistries(loaded)
    ? { registries: readOnce((await import('../host/registries.ts')).readRegistries(home)) }
    : {};
  const places = { home, otherHomes, cwd, protect, settingsPath: path };
  const variables = { environment: process.env, cleanEnvironment: cleanEnv, name };
  const context = { ...places, ...registries, ...variables };
  const policy = toPolicy(loaded, context);
  if (name !== null && policy.caches?.own === 'none') throw nothingToName(name);
  if (report) refuseEmptyReport(policy.names);
  registries.registries?.close();
  if (policy.names === 'mount') front?.prestarted.startAlone();
  const progress = searchProgress();
  const sink = (event: SandboxEvent) => {
    if (event.type === 'searching') return progress.show(event.names);
    progress.clear();
    const line = renderEvent(event, debug);
    if (line !== null) standardError.write(line);
    report?.sink(event);
    if (event.type === 'started') followLater(begun);
  };
  const sandbox = await createSandbox(policy, { cwd, sink, denials: debug, ...front });
  const notice = (message: string) => sink({ type: 'notice', message });
  const begun = { loaded, context, policy, sandbox, controlFd, notice };
  return sandbox;
}

function isStream(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status !== undefined && !status.isFile() && !status.isDirectory();
}

/** Somebody counts on what is not kept. */
function nothingToName(name: string): SrtError {
  return new SrtError('SRT_USAGE', `--name ${name} keeps nothing: the settings have no caches`, {
    hint: 'add "filesystem": { "privateCaches": true } to them',
  });
}

/** It would say that nothing was handed over. */
function refuseEmptyReport(names: Policy['names']): void {
  const problem = '--report knows of nothing';
  if (process.platform === 'darwin')
    throw new SrtError('SRT_USAGE', `${problem} on macOS, where nobody decides about each change`, {
      hint: 'leave out --report',
    });
  if (names === 'mount')
    throw new SrtError('SRT_USAGE', `${problem} where filesystem.names is "mount"`, {
      hint: 'leave out --report, or leave filesystem.names at "mediate"',
    });
}

/** The existing srt runs lines with bash, and scripts rely on it. */
function shell(): string {
  return ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path)) ?? '/bin/sh';
}

/** `srt command`: returns the exit status. */
export async function runVerb(invocation: RunInvocation, front: Front | null): Promise<number> {
  const { line, count } = invocation;
  const words = rawArguments(count);
  const argv = line === null ? words : [shell(), '-c', line, ...words];
  const report = invocation.report ? (await import('./report.ts')).createReport() : null;
  const sandbox = await sandboxFor(invocation, report, front);
  try {
    const result = await sandbox.run(argv);
    return result.signal === null ? result.code : 128 + result.signal;
  } finally {
    /* Also of a sandbox that was killed while the command ran. */
    const text = report?.render() ?? '';
    if (text !== '') standardError.write(text);
  }
}
