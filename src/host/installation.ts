import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the installed bundles, with native/ in it: each bundle lies directly there. */
export function installedAt(): string {
  /* The bundles of the command line are CommonJS and know it at no cost. */
  return typeof __dirname === 'string' ? __dirname : dirname(fileURLToPath(import.meta.url));
}
