import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { SandboxEvent } from '../events.ts';
import { installedAt } from '../host/installation.ts';
import { homeFolders, rawArguments } from '../host/own-process.ts';
import { workingDirectory } from '../host/probe.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { DEFAULT_FILE, loadSettings, loadText, readSettings } from '../settings/load.ts';
import { usesRegistries } from '../settings/network-rules.ts';
import { toPolicy } from '../settings/to-policy.ts';
import type { Invocation } from './invocation.ts';
import type { LiveSources } from './live.ts';
import { readOnce } from './registries-once.ts';
import { renderEvent } from './render.ts';

type RunInvocation = Extract<Invocation, { verb: 'run' }>;

/** From the settings that the options name to a sandbox that is ready to run, and that follows
 * them while a command does. */
async function sandboxFor({
  settings,
  debug,
  controlFd,
  cleanEnv,
}: RunInvocation): Promise<Sandbox> {
  if (controlFd !== null) (await import('./live.ts')).checkControlFd(controlFd);
  const { home, otherHomes } = homeFolders();
  const cwd = workingDirectory();
  const loaded = loadSettings(settings, home);
  const path = settings === null ? `${home}/${DEFAULT_FILE}` : resolve(cwd, settings);
  /* A run that could write one of these would decide what the next run allows. */
  const own = [dirname(installedAt()), process.execPath, `${home}/${DEFAULT_FILE}`];
  const protect = settings === null ? own : [...own, path];
  const registries = usesRegistries(loaded)
    ? { registries: readOnce((await import('../host/registries.ts')).readRegistries(home)) }
    : {};
  const places = { home, otherHomes, cwd, protect, settingsPath: path };
  const variables = { environment: process.env, cleanEnvironment: cleanEnv };
  const context = { ...places, ...registries, ...variables };
  const policy = toPolicy(loaded, context);
  registries.registries?.close();
  const { file, snapshot } = loaded;
  const sink = (event: SandboxEvent) => {
    const line = renderEvent(event, debug);
    if (line !== null) say(line);
    if (event.type === 'started') followLater(sources);
  };
  const sandbox = createSandbox(policy, { cwd, sink });
  const sources: LiveSources = {
    file,
    controlFd,
    watched: {
      path,
      snapshot,
      writeRoots: policy.paths.filter((r) => r.list === 'allowWrite').map((r) => r.path),
      read: () => readSettings(path, file),
    },
    apply(text, name, complete) {
      const given = loadText(text, name);
      const next = toPolicy(given, context);
      const { filesystem, env, network = {} } = given.settings;
      const kept = {
        ...(filesystem === undefined && { paths: policy.paths }),
        ...(env === undefined && policy.environment && { environment: policy.environment }),
        ...(network.parentProxy === undefined && { upstream: policy.upstream ?? null }),
        ...(network.forward === undefined && { forwards: policy.forwards }),
        ...(network.transparent === undefined && { transparent: policy.transparent }),
      };
      sandbox.update(complete ? next : { ...next, ...kept });
    },
    notice: (message) => sink({ type: 'notice', message }),
  };
  return sandbox;
}

/** Nobody may be reading any more, which is no reason to end a command that runs. */
function say(line: string): void {
  if (process.stderr.listenerCount('error') === 0) process.stderr.on('error', () => {});
  process.stderr.write(line);
}

/* Most commands end before anybody could edit their settings: they should not pay for it. */
const WATCH_AFTER_MS = 1000;

function followLater(sources: LiveSources): void {
  const follow = async () => (await import('./live.ts')).followSettings(sources);
  const wait = sources.controlFd === null ? WATCH_AFTER_MS : 0;
  setTimeout(() => {
    follow().catch((error: Error) => sources.notice(`settings are not followed: ${error.message}`));
  }, wait).unref();
}

/** The existing srt runs lines with bash, and scripts rely on it. */
function shell(): string {
  return ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path)) ?? '/bin/sh';
}

/** `srt command`: returns the exit status. */
export async function runVerb(invocation: RunInvocation): Promise<number> {
  const { line, count } = invocation;
  const words = rawArguments(count);
  const argv = line === null ? words : [shell(), '-c', line, ...words];
  const sandbox = await sandboxFor(invocation);
  const result = await sandbox.run(argv);
  return result.signal === null ? result.code : 128 + result.signal;
}
