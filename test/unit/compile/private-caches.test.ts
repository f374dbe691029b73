import { cacheVariables, planCaches } from '../../../src/compile/private-caches.ts';
import type { PathFact } from '../../../src/host/paths.ts';
import { decideAccess, type PathRule } from '../../../src/policy/path-rules.ts';
import type { CachePolicy } from '../../../src/policy/private-caches.ts';
import { builtIn, refusal, rule } from '../rules.ts';

const STORE = '/home/me/.cache/srt';
const store = { base: '/home/me', below: ['.cache', 'srt'] };
const mask = builtIn('denyRead', STORE);

const directory = (real: string): PathFact => ({ kind: 'directory', real, links: [] });
const missing = (real: string): PathFact => ({ kind: 'missing', real, links: [] });

function plan(
  own: CachePolicy['own'],
  rules: PathRule[],
  facts: Record<string, PathFact> = {},
  nameless: PathRule[] = [],
) {
  const known = { '/home/me': directory('/home/me'), [STORE]: directory(STORE), ...facts };
  const paths = new Map(Object.entries(known));
  return planCaches({ store, own }, { listed: rules, nameless }, { paths });
}

test('nothing without a policy for caches, and nothing beside what is denied already', () => {
  const nothing = { rules: [], folders: [], inside: null, ownFolder: null };
  expect(planCaches(undefined, { listed: [], nameless: [] }, { paths: new Map() })).toEqual(
    nothing,
  );
  expect(plan('none', [mask, rule('allowWrite', '/home/me')])).toEqual(nothing);
});

describe('caches of a name', () => {
  const own = { name: 'files' };

  test('are its folder alone: neither the store nor those of other names', () => {
    const { rules, folders, inside, ownFolder } = plan(own, [], { [STORE]: missing(STORE) });
    expect({ inside, ownFolder }).toEqual({ inside: `${STORE}/files`, ownFolder: null });
    expect(folders).toEqual([{ base: '/home/me', below: ['.cache', 'srt', 'files'] }]);
    expect(decideAccess(rules, `${STORE}/files/npm`)).toBe('read-write');
    for (const path of [STORE, `${STORE}/files2`, `${STORE}/other/npm`])
      expect(decideAccess(rules, path)).toBe('masked');
  });

  test('stay writable in a denied home, and unseen by others in a writable one', () => {
    const denied = [rule('denyRead', '/home/me')];
    expect(decideAccess([...denied, ...plan(own, denied).rules], `${STORE}/files`)).toBe(
      'read-write',
    );
    const open = [rule('allowWrite', '/home/me'), rule('allowRead', '/home/me')];
    expect(decideAccess([...open, ...plan(own, open).rules], `${STORE}/other`)).toBe('masked');
  });

  test('lie where the home folder really is', () => {
    const { folders, inside } = plan(own, [], { '/home/me': directory('/data/me') });
    expect([folders[0]?.base, inside]).toEqual(['/data/me', '/data/me/.cache/srt/files']);
  });

  test('follow nothing below it, whatever is found there', () => {
    const link: PathFact = { kind: 'directory', real: '/etc', links: [STORE] };
    const { rules, inside } = plan(own, [], { [STORE]: link, [`${STORE}/files`]: link });
    expect(inside).toBe(`${STORE}/files`);
    expect(rules.map(({ path }) => path)).toEqual([STORE, `${STORE}/files`]);
  });

  test.each([
    rule('denyWrite', '/home/me'),
    rule('denyWrite', `${STORE}/files`),
    rule('denyRead', `${STORE}/files`),
  ])('are refused where %j is in the way', (inTheWay) => {
    const error = refusal(() => plan(own, [inTheWay]));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
    expect(error.message).toContain(`${inTheWay.source.setting} "${inTheWay.path}"`);
  });

  test('are refused for what the user denies and is missing, not for what srt denies', () => {
    const denied = [rule('denyWrite', `${STORE}/files`)];
    const error = refusal(() => plan(own, [], {}, denied));
    expect(error.message).toContain(`denyWrite "${STORE}/files"`);
    /* The link of the store, at which the start looks. */
    const nameless = [builtIn('denyWrite', STORE)];
    expect(plan(own, [], {}, nameless).inside).toBe(`${STORE}/files`);
  });

  test.each<PathFact>([
    missing('/home/me'),
    { kind: 'unreachable', errno: 'EACCES' },
  ])('need a home folder: %j', (fact) => {
    const error = refusal(() => plan(own, [], { '/home/me': fact }));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
    expect(error.message).toContain('needs the folder /home/me');
  });
});

describe('caches of one run', () => {
  test("are in the sandbox's memory, and nothing of the host's is opened", () => {
    expect(plan('run', [mask])).toEqual({
      rules: [],
      folders: [],
      inside: '/dev/shm/srt-caches',
      ownFolder: '/dev/shm/srt-caches',
    });
  });

  test('need it', () => {
    const error = refusal(() => plan('run', [rule('denyRead', '/dev/shm')]));
    expect(error.code).toBe('SRT_COMPILE_UNENFORCEABLE');
    expect(error.message).toContain('denyRead "/dev/shm"');
    expect(plan('run', [rule('denyRead', '/')]).inside).toBe('/dev/shm/srt-caches');
  });
});

test('variables lead below the folder', () => {
  const variables = new Map(cacheVariables('/x'));
  expect(variables.get('npm_config_cache')).toBe('/x/npm');
  expect(variables.get('GOMODCACHE')).toBe('/x/go/pkg/mod');
});
