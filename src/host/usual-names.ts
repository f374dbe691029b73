import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file of `dist` with what the build made of the usual protected names: the number of nodes,
 * little endian, and the nodes. */
export const USUAL_NAMES_FILE = 'protected-names.bin';

/** null where the file is not there: then they are compiled at each start, which takes longer. */
export function readUsualNames(dist: string): { nodes: number; encoded: Buffer } | null {
  try {
    const bytes = readFileSync(join(dist, USUAL_NAMES_FILE));
    return { nodes: bytes.readUInt32LE(0), encoded: bytes.subarray(4) };
  } catch {
    return null;
  }
}
