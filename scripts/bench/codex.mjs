import { accessSync, constants, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { environment, runToEnd } from './child.mjs';

/* Everything can be read, and the proxy lets 127.0.0.1 through. */
const CONFIG = `default_permissions = "bench"
[permissions.bench.filesystem]
":root" = "read"
[permissions.bench.network]
enabled = true
mode = "full"
allow_local_binding = true
[permissions.bench.network.domains]
"127.0.0.1" = "allow"
`;

/** The sandbox of codex, where it is installed (npm package @openai/codex), with settings of the
 * bench's own. Returns { words, home }: the words before a command, null
 * after a note where it does not work, and the folder to remove; or null where there is none. It must not lie in a temporary folder, where codex refuses its helpers. */
export async function findCodex(note) {
  const program = onPath('codex');
  if (program === null) return null;
  const cache = join(homedir(), '.cache');
  mkdirSync(cache, { recursive: true });
  const home = mkdtempSync(join(cache, 'srt-bench-codex-'));
  writeFileSync(join(home, 'config.toml'), CONFIG);
  environment.CODEX_HOME = home;
  const words = [program, 'sandbox', '--enable', 'network_proxy', '--'];
  try {
    const { stdout } = await runToEnd([...words, 'env'], { cwd: '/' });
    if (!/^HTTP_PROXY=/m.test(stdout)) throw new Error('it starts no proxy');
    return { words, home };
  } catch (error) {
    note(`codex is skipped: ${error.message}`);
    return { words: null, home };
  }
}

function onPath(program) {
  for (const folder of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {}
  }
  return null;
}
