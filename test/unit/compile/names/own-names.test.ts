import { join } from 'node:path';
import { compileNames } from '../../../../src/compile/names/compile-names.ts';
import {
  compileOwnNames,
  USUAL_NAMES,
  USUAL_TOLD,
} from '../../../../src/compile/names/own-names.ts';
import { readUsualNames } from '../../../../src/host/usual-names.ts';
import type { ChangeRules } from '../../../../src/policy/change-rules.ts';
import { handedOverNames } from '../../../../src/policy/handed-over-names.ts';
import { protectedNames } from '../../../../src/policy/protected-names.ts';
import { withPathFolders } from '../../../../src/settings/path-folders.ts';
import { ROOT } from '../../../support/srt.ts';

const source = { setting: 'filesystem.allowWrite', typed: '/home/me', where: 'settings.json:1:1' };
const rulesWith = (names: ChangeRules['protectedNames']): ChangeRules => ({
  points: [{ path: '/home/me', access: 'read-write', source }],
  patterns: [],
  protectedNames: names,
  handedOver: handedOverNames(names),
  homes: ['/home/me'],
});

test('what the build made is what would be made now', () => {
  expect(readUsualNames(join(ROOT, 'dist'))).toEqual(compileOwnNames(USUAL_NAMES, USUAL_TOLD));
});

test('it is used for the usual names, also with folders of PATH behind them', () => {
  const usual = { nodes: 3, encoded: Buffer.from('usual') };
  const home = { home: '/home/me', cwd: '/work', path: '/home/me/tools' };
  for (const names of [USUAL_NAMES, withPathFolders(protectedNames([], []), home)]) {
    const { encoded, rules } = compileNames(rulesWith(names), usual);
    expect(encoded.includes('usual')).toBe(true);
    expect(rules.slice(0, USUAL_NAMES.length)).toEqual(USUAL_NAMES);
  }
});

test.each([
  ['one is off', protectedNames(['vscode'], [])],
  ['one is on', protectedNames([], ['ci-workflows'])],
])('it is not where %s', (_what, names) => {
  const usual = { nodes: 3, encoded: Buffer.from('usual') };
  expect(compileNames(rulesWith(names), usual).encoded.includes('usual')).toBe(false);
});

test('without it the same is made at the start', () => {
  const usual = compileOwnNames(USUAL_NAMES, USUAL_TOLD);
  const rules = rulesWith(protectedNames([], []));
  expect(compileNames(rules, null)).toEqual(compileNames(rules, usual));
});

test('where nothing can be written, no name is protected', () => {
  const { encoded, required } = compileNames({ ...rulesWith(USUAL_NAMES), points: [] }, null);
  expect({ required, length: encoded.length }).toEqual({ required: false, length: 22 });
});
