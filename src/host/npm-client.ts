import { execFileSync } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TIMEOUT_MS = 10_000;

/* No log, no cache folder where there is none, and no look on the network for a newer npm. */
const QUIET = {
  npm_config_cache: '/dev/null/cache',
  npm_config_logs_max: '0',
  npm_config_update_notifier: 'false',
};

/** The registry that npm uses when nothing else names one. It runs as the user and outside of any
 * sandbox, so only an npm that no sandbox can have written is asked, in a folder that is no
 * project, and with an environment in which nothing speaks for one. */
export function askNpm(home: string): string | null {
  const beside = join(dirname(process.execPath), 'npm');
  const script = [beside, '/usr/bin/npm', '/usr/local/bin/npm'].map(scriptAt).find(Boolean);
  if (!script) return null;
  try {
    const printed = execFileSync(process.execPath, [script, 'config', 'get', 'registry'], {
      cwd: '/',
      env: { ...QUIET, HOME: home, PATH: '/usr/bin:/bin' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    }).trim();
    return printed === '' || printed === 'undefined' ? null : printed;
  } catch {
    return null;
  }
}

/** npm is a script for Node: what its name links to, if that is root's alone all the way up. */
export function scriptAt(path: string): string | null {
  try {
    const script = realpathSync(path);
    return script.endsWith('.js') && isOfRootAlone(script) ? script : null;
  } catch {
    return null;
  }
}

function isOfRootAlone(path: string): boolean {
  const { uid, mode } = statSync(path);
  if (uid !== 0 || (mode & 0o022) !== 0) return false;
  return path === '/' || isOfRootAlone(dirname(path));
}
