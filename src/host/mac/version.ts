import { readFileSync } from 'node:fs';
import { SrtError } from '../../errors.ts';

const FILE = '/System/Library/CoreServices/SystemVersion.plist';

/* Older ones get no security updates from Apple any more. */
const OLDEST = 13;

/** The version that a person knows, "14.5". Throws SRT_HOST_MACOS_OLD, also where the version cannot
 * be read. */
export function probeVersion(file = FILE): string {
  const version = readVersion(file);
  if (version === null)
    throw new SrtError('SRT_HOST_MACOS_OLD', `${file} does not say which macOS this is`);
  if (Number.parseInt(version, 10) >= OLDEST) return version;
  throw new SrtError(
    'SRT_HOST_MACOS_OLD',
    `this is macOS ${version}; srt needs ${OLDEST} or newer`,
    {
      hint: 'upgrade macOS',
    },
  );
}

function readVersion(file: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return null;
  }
  const found = /<key>ProductVersion<\/key>\s*<string>(\d+(?:\.\d+)*)<\/string>/.exec(text);
  return found?.[1] ?? null;
}
