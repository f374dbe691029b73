import { type Access, decideAccess, type PathRule } from '../policy/path-rules.ts';

/** The rules that are at or above a path: no others can matter to it. Ten thousand rules would
 * otherwise be compared with each other. */
export function nearRules(rules: readonly PathRule[]): (path: string) => PathRule[] {
  const byPath = new Map<string, PathRule[]>();
  for (const rule of rules) {
    const here = byPath.get(rule.path);
    if (here) here.push(rule);
    else byPath.set(rule.path, [rule]);
  }
  return (path) => {
    const near: PathRule[] = [];
    for (let at = path; ; at = at.slice(0, at.lastIndexOf('/')) || '/') {
      const here = byPath.get(at);
      if (here) near.push(...here);
      if (at === '/') return near;
    }
  };
}

/** decideAccess for many paths. */
export function indexedAccess(rules: readonly PathRule[]): (path: string) => Access {
  const near = nearRules(rules);
  const known = new Map<string, Access>();
  return (path) => {
    const access = known.get(path) ?? decideAccess(near(path), path);
    known.set(path, access);
    return access;
  };
}

/** The folders above a path, the nearest first, with `/` at the end. */
export function foldersAbove(path: string): string[] {
  const above: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    above.push(path.slice(0, end));
  return path === '/' ? [] : [...above, '/'];
}
