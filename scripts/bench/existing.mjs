import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runToEnd } from './child.mjs';
import { existingSettings } from './contestants.mjs';

const PACKAGE = '@anthropic-ai/sandbox-runtime';
const VERSION = '0.0.83';
const NEEDS = ['bwrap', 'socat', 'rg'];

/** Installs the existing srt into `folder` and returns the path of its command, or null after
 * one note that says why it is left out. */
export async function installExisting(folder, note) {
  try {
    const missing = NEEDS.filter((program) => !onPath(program));
    if (missing.length > 0) throw new Error(`it needs ${missing.join(', ')} on PATH`);
    mkdirSync(folder, { recursive: true });
    await install(folder);
    const command = join(folder, 'node_modules', PACKAGE, 'dist/cli.js');
    const settings = join(folder, 'settings.json');
    writeFileSync(settings, JSON.stringify(existingSettings([], [])));
    await runToEnd([process.execPath, command, '-s', settings, '--', 'true'], { cwd: folder });
    return command;
  } catch (error) {
    note(`the existing srt ${VERSION} is skipped: ${error.message}`);
    return null;
  }
}

/** Its `engines` asks for a newer Node than the oldest that srt supports, but it runs there. */
function install(folder) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false'];
  return runToEnd(['npm', 'install', '--prefix', folder, ...quiet, `${PACKAGE}@${VERSION}`], {
    cwd: folder,
    timeout: 60_000,
    /* Unlike everything else in the bench, npm may need the caller's proxy. */
    env: process.env,
  });
}

function onPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program)));
}
