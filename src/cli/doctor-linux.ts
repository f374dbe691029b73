import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { SandboxEvent } from '../events.ts';
import { probeBubblewrap } from '../host/bubblewrap.ts';
import { probeHelper } from '../host/helper.ts';
import { homeFolders } from '../host/own-process.ts';
import { createSandbox } from '../sandbox.ts';
import { loadSettings, loadText } from '../settings/load.ts';
import { toPolicy } from '../settings/to-policy.ts';
import { attempt, type Check, failure, REPORT_IT } from './doctor-checks.ts';
import { frontCheck } from './doctor-front.ts';
import { judgeNames, type NamesMode } from './doctor-names.ts';
import { judgeProbe, PROBE_SCRIPT, type ProbeResult } from './doctor-probe.ts';

/** Looks at the parts, then starts a sandbox and tries what it promises. `settings` as on the command
 * line. */
export async function linuxChecks(dist: string, settings: string | null): Promise<Check[]> {
  return [
    platform(),
    attempt('native helper', () => probeHelper(dist)),
    attempt('bubblewrap', () => describeBubblewrap()),
    frontCheck(dist),
    ...(await probeSandbox(dist, wantedMode(settings))),
  ];
}

function platform(): Check {
  const why = `${process.platform} ${process.arch}, Node ${process.versions.node}`;
  const known = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
  const fix = known ? null : 'srt runs on macOS, and on Linux on x64 and arm64';
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

/** A server of the host's with a path that the sandbox sees: /tmp is its own there. */
async function listenOutside(): Promise<{ path: string; close(): void }> {
  const folder = mkdtempSync('/var/tmp/srt-doctor-');
  const server = createServer((socket) => socket.destroy()).listen(join(folder, 'socket'));
  await once(server, 'listening');
  return {
    path: join(folder, 'socket'),
    close() {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function probeSandbox(dist: string, wanted: NamesMode): Promise<Check[]> {
  const masked = join(dist, 'settings.schema.json');
  const outside = dirname(dist);
  const settings = { filesystem: { denyRead: [{ path: masked, literal: true }] } };
  /* There, so that an installation below /tmp is shown. */
  const context = { home: homeFolders().home, cwd: outside, protect: [] };
  const daemon = await listenOutside().catch((error: unknown) => failure('sandbox', error));
  if ('status' in daemon) return [daemon];
  try {
    /* The control: a file that is not there would be unreadable too. */
    if (!existsSync(masked)) throw new Error(`${masked} is missing from this installation`);
    const policy = toPolicy(loadText(JSON.stringify(settings), 'doctor'), context);
    const begun = performance.now();
    let undecided: string | null = null;
    const sink = (event: SandboxEvent) => {
      if (event.type === 'started') undecided = event.undecided ?? null;
    };
    const sandbox = await createSandbox(policy, { cwd: outside, environment: new Map(), sink });
    const argv = [process.execPath, '-e', PROBE_SCRIPT, masked, outside, daemon.path];
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
          fix: finding.ok ? null : (finding.without ?? REPORT_IT),
        }),
      ),
    ];
  } catch (error) {
    return [failure('sandbox', error)];
  } finally {
    daemon.close();
    rmSync(join(outside, '.srt-doctor-2'), { force: true });
  }
}
