import { installedAt } from '../host/installation.ts';
import { homeFolders } from '../host/own-process.ts';
import { loadSettings } from '../settings/load.ts';
import { attempt, renderCheck } from './doctor-checks.ts';
import { linuxChecks } from './doctor-linux.ts';
import { macChecks } from './doctor-mac.ts';
import type { Invocation } from './invocation.ts';
import { standardOutput } from './standard-streams.ts';

/** `srt doctor`: looks at the parts, then starts a sandbox and tries what it promises. Returns 0
 * when everything a sandbox needs is there, 1 otherwise. */
export async function doctorVerb(
  invocation: Extract<Invocation, { verb: 'doctor' }>,
): Promise<number> {
  const checks = [
    attempt('settings', () => loadSettings(invocation.settings, homeFolders().home).file),
    ...(await (process.platform === 'darwin'
      ? macChecks()
      : linuxChecks(installedAt(), invocation.settings))),
  ];
  const failed = checks.some(({ status }) => status === 'missing');
  if (invocation.json)
    standardOutput.write(`${JSON.stringify({ ok: !failed, checks }, null, 2)}\n`);
  else standardOutput.write(checks.map(renderCheck).join(''));
  await standardOutput.flush();
  return failed ? 1 : 0;
}
