import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { EventSink } from '../events.ts';
import { installedAt } from '../host/installation.ts';
import { homeFolders, rawArguments } from '../host/own-process.ts';
import { workingDirectory } from '../host/probe.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { DEFAULT_FILE, loadSettings } from '../settings/load.ts';
import { usesRegistries } from '../settings/network-rules.ts';
import { toPolicy } from '../settings/to-policy.ts';
import type { Invocation } from './invocation.ts';
import { renderEvent } from './render.ts';

/** From the settings that the options name to a sandbox that is ready to run. */
async function sandboxFor({
  settings,
  debug,
}: {
  settings: string | null;
  debug: boolean;
}): Promise<Sandbox> {
  const { home, otherHomes } = homeFolders();
  const cwd = workingDirectory();
  const loaded = loadSettings(settings, home);
  /* A run that could write one of these would decide what the next run allows. */
  const protect = [dirname(installedAt()), process.execPath, `${home}/${DEFAULT_FILE}`];
  const registries = usesRegistries(loaded)
    ? { registries: (await import('../host/registries.ts')).readRegistries(home) }
    : {};
  const policy = toPolicy(loaded, {
    ...registries,
    home,
    otherHomes,
    cwd,
    protect: settings === null ? protect : [...protect, resolve(cwd, settings)],
  });
  const sink: EventSink = (event) => {
    const line = renderEvent(event, debug);
    if (line !== null) process.stderr.write(line);
  };
  return createSandbox(policy, { cwd, sink });
}

/** The existing srt runs lines with bash, and scripts rely on it. */
function shell(): string {
  return ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path)) ?? '/bin/sh';
}

/** `srt command`: returns the exit status. */
export async function runVerb(invocation: Extract<Invocation, { verb: 'run' }>): Promise<number> {
  const { line, count } = invocation;
  const words = rawArguments(count);
  const argv = line === null ? words : [shell(), '-c', line, ...words];
  const sandbox = await sandboxFor(invocation);
  const result = await sandbox.run(argv);
  return result.signal === null ? result.code : 128 + result.signal;
}
