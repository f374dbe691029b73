import { execFileSync } from 'node:child_process';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { SrtError } from '../errors.ts';
import type { Bubblewrap } from './facts.ts';

/* Never the caller's PATH: a bwrap found there could be anybody's. */
const PLACES = [
  '/usr/bin/bwrap',
  '/usr/local/bin/bwrap',
  '/bin/bwrap',
  '/run/current-system/sw/bin/bwrap',
];

const NAME = 'bubblewrap 0.';
const VERSION = /bubblewrap (\d+\.\d+(?:\.\d+)?)/;

const OLDEST: readonly [number, number] = [0, 8];

/** Finds a bubblewrap that can be trusted and is new enough. Throws SRT_HOST_BWRAP_MISSING,
 * SRT_HOST_BWRAP_UNSAFE or SRT_HOST_BWRAP_OLD. */
export function probeBubblewrap(places: readonly string[] = PLACES): Bubblewrap {
  for (const path of places) {
    const status = statSync(path, { throwIfNoEntry: false });
    if (!status?.isFile()) continue;
    refuseUnsafe(path, status);
    const version = readVersion(path);
    refuseOld(path, version);
    return { path, version };
  }
  throw new SrtError('SRT_HOST_BWRAP_MISSING', 'bubblewrap is not installed', {
    hint: 'install the package "bubblewrap" with your package manager, for example: sudo apt-get install bubblewrap',
    details: { places },
  });
}

function refuseUnsafe(path: string, { mode, uid }: Stats): void {
  const unsafe = (problem: string, hint: string) =>
    new SrtError('SRT_HOST_BWRAP_UNSAFE', `${path} ${problem}`, { hint });
  if (mode & 0o6000)
    throw unsafe(
      'is setuid or setgid, a mode with known privilege escalations',
      `run: sudo chmod a-s ${path}`,
    );
  /* The overflow uid: root is not mapped here, so nothing can be known to be root's. */
  if (uid === 65534)
    throw unsafe('cannot be seen to belong to root here', 'run srt outside this user namespace');
  if (uid !== 0) throw unsafe('does not belong to root', `run: sudo chown root ${path}`);
  if (mode & 0o022)
    throw unsafe('can be written by others than root', `run: sudo chmod go-w ${path}`);
}

/** The version string stands in the program itself; asking it would cost a process per start. */
function readVersion(path: string): string {
  const program = readFileSync(path);
  const at = program.indexOf(NAME);
  const inside = VERSION.exec(program.toString('latin1', at, at + NAME.length + 16));
  if (at !== -1 && inside?.[1]) return inside[1];
  try {
    const printed = execFileSync(path, ['--version'], { encoding: 'utf8', timeout: 5000, env: {} });
    const version = VERSION.exec(printed)?.[1];
    if (version) return version;
  } catch (cause) {
    throw new SrtError('SRT_HOST_BWRAP_UNSAFE', `${path} cannot tell its version`, { cause });
  }
  throw new SrtError('SRT_HOST_BWRAP_UNSAFE', `${path} cannot tell its version`);
}

function refuseOld(path: string, version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw new SrtError(
    'SRT_HOST_BWRAP_OLD',
    `${path} is bubblewrap ${version}; srt needs ${OLDEST.join('.')} or newer`,
    { hint: 'upgrade the package "bubblewrap"' },
  );
}
