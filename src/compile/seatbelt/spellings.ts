import { isWithin } from '../../policy/path-rules.ts';

/** Links of every macOS from / into /private (hier(7)). */
export const PRIVATE_LINKS = ['/tmp', '/var', '/etc'];

/** The volume of all that can be written, a second name for /Users and most others (firmlinks). */
export const DATA_VOLUME = '/System/Volumes/Data';

/** The one spelling that rules are compared by: that of the kernel. */
export function canonicalPath(path: string): string {
  const usual =
    path !== DATA_VOLUME && isWithin(path, DATA_VOLUME) ? path.slice(DATA_VOLUME.length) : path;
  return PRIVATE_LINKS.some((link) => isWithin(usual, link)) ? `/private${usual}` : usual;
}

/** A canonical path by every name that a request may carry. The kernel should only say the first;
 * rules for the others cost nothing and hold if it does not. */
export function spellings(path: string): string[] {
  const link = PRIVATE_LINKS.find((name) => isWithin(path, `/private${name}`));
  return link === undefined ? [path] : [path, path.slice('/private'.length)];
}

/** The same for the path with all beneath it: /private has what the links lead to. */
export function spellingsBelow(path: string): string[] {
  return path === '/private' ? [path, ...PRIVATE_LINKS] : spellings(path);
}
