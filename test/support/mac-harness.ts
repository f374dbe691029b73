/* As `srt` on a Mac, on any machine: the facts are given, and sandbox-exec is whatever they name. A
 * program of its own, so that tests can send it signals. Arguments: a file with what it is given, and
 * the command. */
import { appendFileSync, readFileSync } from 'node:fs';
import { exitStatusOf, renderError } from '../../src/cli/render.ts';
import type { SandboxEvent } from '../../src/events.ts';
import type { MacFacts } from '../../src/host/mac/facts.ts';
import { createMacPathProbe } from '../../src/host/mac/paths.ts';
import { sandboxOn } from '../../src/sandbox.ts';
import { prepareSeatbelt } from '../../src/seatbelt.ts';
import { loadText } from '../../src/settings/load.ts';
import type { Settings } from '../../src/settings/settings.ts';
import { toPolicy } from '../../src/settings/to-policy.ts';

export interface HarnessInput {
  facts: Omit<MacFacts, 'paths'>;
  settings: Settings;
  denials: boolean;
  /** Whether the output is taken as a library takes it. */
  captures: boolean;
  /** What the sandbox is called. */
  name?: string | undefined;
  /** A file to which each event is added, as a line of JSON. */
  events: string;
}

const { facts, settings, denials, captures, events, name } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
) as HarnessInput;
const { cwd } = facts;
const policy = toPolicy(loadText(JSON.stringify(settings), 'settings.json'), {
  ...{ home: cwd, cwd, platform: 'darwin', protect: [], name: name ?? null },
});
const probe = createMacPathProbe();
const known = [
  ...policy.paths.map(({ path }) => path),
  ...policy.patterns.map(({ base }) => base),
  ...policy.homes,
];
const paths = new Map(known.map((path) => [path, probe(path)]));
const sink = (event: SandboxEvent) => appendFileSync(events, `${JSON.stringify(event)}\n`);

async function main(): Promise<number> {
  const platform = prepareSeatbelt(policy, { cwd, sink, denials }, { ...facts, paths });
  const sandbox = sandboxOn(platform, policy, { cwd, sink });
  const capture = (chunk: Buffer) => process.stdout.write(chunk);
  const result = await sandbox.run(process.argv.slice(3), captures ? capture : undefined);
  return result.signal === null ? result.code : 128 + result.signal;
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(renderError(error));
    process.exit(exitStatusOf(error));
  },
);
