import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the installed bundles, with native/ in it: each bundle lies directly there. */
export function installedAt(): string {
  return dirname(fileURLToPath(import.meta.url));
}
