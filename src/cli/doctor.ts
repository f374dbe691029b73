import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isSrtError } from '../errors.ts';
import type { SandboxEvent } from '../events.ts';
import { probeBubblewrap } from '../host/bubblewrap.ts';
import { probeHelper } from '../host/helper.ts';
import { installedAt } from '../host/installation.ts';
import { homeFolders } from '../host/own-process.ts';
import { createSandbox } from '../sandbox.ts';
import { loadSettings, loadText } from '../settings/load.ts';
import { toPolicy } from '../settings/to-policy.ts';
import { judgeNames, type NamesMode } from './doctor-names.ts';
import { judgeProbe, PROBE_SCRIPT, type ProbeResult } from './doctor-probe.ts';
import type { Invocation } from './invocation.ts';

interface Check {
  capability: string;
  status: 'ok' | 'warning' | 'missing';
  why: string;
  fix: string | null;
}

/** `srt doctor`: looks at the parts, then starts a sandbox and tries what it promises. Returns 0
 * when everything a sandbox needs is there, 1 otherwise. */
export async function doctorVerb(
  invocation: Extract<Invocation, { verb: 'doctor' }>,
): Promise<number> {
  const dist = installedAt();
  const checks = [
    platform(),
    attempt('native helper', () => probeHelper(dist)),
    attempt('bubblewrap', () => describeBubblewrap()),
    attempt('settings', () => loadSettings(invocation.settings, homeFolders().home).file),
  ];
  checks.push(...(await probeSandbox(dist, wantedMode(invocation.settings))));
  const failed = checks.some(({ status }) => status === 'missing');
  if (invocation.json)
    process.stdout.write(`${JSON.stringify({ ok: !failed, checks }, null, 2)}\n`);
  else process.stdout.write(checks.map(line).join(''));
  return failed ? 1 : 0;
}

function line({ capability, status, why, fix }: Check): string {
  const fixed = fix === null ? '' : `\n${' '.repeat(10)}fix: ${fix}`;
  return `${status.padEnd(8)}  ${capability}: ${why}${fixed}\n`;
}

function attempt(capability: string, probe: () => string): Check {
  try {
    return { capability, status: 'ok', why: probe(), fix: null };
  } catch (error) {
    return failure(capability, error);
  }
}

function failure(capability: string, error: unknown): Check {
  const why = error instanceof Error ? error.message : String(error);
  const fix = isSrtError(error) ? (error.hint ?? null) : null;
  return { capability, status: 'missing', why, fix };
}

function platform(): Check {
  const why = `${process.platform} ${process.arch}, Node ${process.versions.node}`;
  const known = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
  const fix = known ? null : 'srt runs on Linux on x64 and arm64';
  return { capability: 'platform', status: known ? 'ok' : 'missing', why, fix };
}

function describeBubblewrap(): string {
  const { path, version } = probeBubblewrap();
  return `${version} at ${path}`;
}

/** What `filesystem.names` of the settings says; the default where they cannot be read, which a line of
 * its own reports. */
function wantedMode(settings: string | null): NamesMode {
  try {
    return loadSettings(settings, homeFolders().home).settings.filesystem?.names ?? 'mediate';
  } catch {
    return 'mediate';
  }
}

async function probeSandbox(dist: string, wanted: NamesMode): Promise<Check[]> {
  const masked = join(dist, 'settings.schema.json');
  const outside = dirname(dist);
  const settings = { filesystem: { denyRead: [{ path: masked, literal: true }] } };
  /* There, so that an installation below /tmp is shown. */
  const context = { home: homeFolders().home, cwd: outside, protect: [] };
  try {
    /* The control: a file that is not there would be unreadable too. */
    if (!existsSync(masked)) throw new Error(`${masked} is missing from this installation`);
    const policy = toPolicy(loadText(JSON.stringify(settings), 'doctor'), context);
    const begun = performance.now();
    let undecided: string | null = null;
    const sink = (event: SandboxEvent) => {
      if (event.type === 'started') undecided = event.undecided ?? null;
    };
    const sandbox = createSandbox(policy, { cwd: outside, environment: new Map(), sink });
    const words = [process.execPath, '-e', PROBE_SCRIPT, masked, outside];
    const argv = [
      ...words,
      String(sandbox.plan.listeners.find(({ service }) => service === 'http')?.port),
    ];
    let printed = '';
    const result = await sandbox.run(argv, (chunk) => {
      printed += chunk.toString('utf8');
    });
    if (result.code !== 0) throw new Error('the probe did not run to its end in the sandbox');
    const probe = JSON.parse(printed) as ProbeResult;
    const why = `started and ran a probe in ${Math.round(performance.now() - begun)} ms`;
    return [
      { capability: 'sandbox', status: 'ok', why, fix: null },
      ...[...judgeProbe(probe, process.getuid?.() ?? 0), judgeNames(undecided, wanted)].map(
        (finding): Check => ({
          capability: finding.capability,
          status: finding.ok ? 'ok' : finding.without === undefined ? 'missing' : 'warning',
          why: finding.why,
          fix: finding.ok
            ? null
            : (finding.without ?? 'report this with the output of srt doctor --json'),
        }),
      ),
    ];
  } catch (error) {
    return [failure('sandbox', error)];
  } finally {
    rmSync(join(outside, '.srt-doctor-2'), { force: true });
  }
}
