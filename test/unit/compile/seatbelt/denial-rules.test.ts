import { parseGlob, type Segment } from '../../../../src/policy/glob.ts';
import type { PathPattern } from '../../../../src/policy/path-rules.ts';
import { protectedNames } from '../../../../src/policy/protected-names.ts';
import { allows, readProfile } from '../../../support/seatbelt/evaluate.ts';
import { builtIn, rule } from '../../rules.ts';
import { compileFor } from './mac.ts';

const PROJECT = '/Users/me/project';
const TMP = '/private/tmp/own';

function pattern(list: PathPattern['list'], text: string): PathPattern {
  const [rest = []] = parseGlob(text) as Segment[][];
  return { list, base: PROJECT, rest, source: rule(list, text).source };
}

const { text, ruleOf } = compileFor(
  [
    rule('allowWrite', PROJECT),
    rule('denyWrite', `${PROJECT}/LICENSE`),
    builtIn('denyRead', '/Users/me/.ssh'),
    builtIn('private', '/private/tmp'),
  ],
  {
    temporary: TMP,
    patterns: [pattern('denyWrite', '**/*.key'), pattern('denyRead', 'a*/secret')],
    protectedNames: protectedNames([], []),
    homes: ['/Users/me'],
  },
);

const said = (setting: string, typed: string) => `filesystem.${setting} "${typed}"`;

test.each<[operation: string, path: string, rule: string | null, because: string | null]>([
  ['file-read-data', '/Users/me/.ssh/id', `${said('denyRead', '/Users/me/.ssh')} (built in)`, null],
  ['process-exec*', '/tmp/x', `${said('private', '/private/tmp')} (built in)`, null],
  [
    'file-write-data',
    '/Users/me/.ssh/id',
    `${said('denyRead', '/Users/me/.ssh')} (built in)`,
    null,
  ],
  ['file-write-data', `${PROJECT}/LICENSE`, said('denyWrite', `${PROJECT}/LICENSE`), null],
  ['file-write-create', `${PROJECT}/a/b.key`, said('denyWrite', '**/*.key'), null],
  ['file-write-create', `${TMP}/b.key`, said('denyWrite', '**/*.key'), 'wherever'],
  ['file-read-data', `${PROJECT}/a/secret/x`, said('denyRead', 'a*/secret'), null],
  ['file-write-unlink', `${PROJECT}/ab`, said('denyRead', 'a*/secret'), 'leads through'],
  ['file-write-create', `${PROJECT}/.vscode/x`, 'vscode', 'tasks'],
  ['file-write-create', `${PROJECT}/.github`, 'copilot', 'leads through'],
  ['file-write-create', `${PROJECT}/.git`, 'git-hooks', 'leads through'],
  ['file-write-data', `${PROJECT}/.git`, 'git-pointer', 'a repository elsewhere'],
  ['file-write-create', `${PROJECT}/.git/hoo\u00e9s/x`, 'git-hooks', 'git runs them'],
  ['file-write-create', `${PROJECT}/.git/hoo\u00e9s/x`, 'git-hooks', 'means more'],
  ['file-write-create', `${PROJECT}/.git/con\ufb01g`, 'git-config', 'any git command runs'],
  ['file-write-create', `${PROJECT}/.git/con\ufb02g`, 'git-config', 'means more'],
  ['file-write-create', `${PROJECT}/.git/hooks/a.sample/.git/hooks/a.sample`, 'git-hooks', 'more'],
  ['file-read-data', `${PROJECT}/a/\u00e9ecret`, said('denyRead', 'a*/secret'), 'means more'],
  ['file-write-data', `${PROJECT}/x.\u00e9ey`, said('denyWrite', '**/*.key'), 'means more'],
  ['file-write-data', `${TMP}/x.\u00e9ey`, said('denyWrite', '**/*.key'), 'wherever'],
  ['file-write-data', '/usr/bin/x', null, null],
  ['network-outbound', '192.0.2.1:443', null, null],
  ['file-write-data', 'no path', null, null],
])('%s of %s: %s', (operation, path, expected, because) => {
  const found = ruleOf(operation, path);
  if (expected === null) expect(found).toBeNull();
  else expect(found?.rule).toContain(expected);
  if (because !== null) expect(found?.because).toContain(because);
  /* It is denied, or nothing would have to be told. */
  const single = operation === 'process-exec*' ? 'process-exec' : operation;
  const vnodeType = path.endsWith('.git') && single.endsWith('data') ? 'REGULAR-FILE' : 'DIRECTORY';
  expect(allows(readProfile(text), { operation: single, path, vnodeType })).toBe(false);
});
