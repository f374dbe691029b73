import { namesOf } from '../../policy/change-place.ts';
import type { ChangeRules } from '../../policy/change-rules.ts';
import { isWithin } from '../../policy/path-rules.ts';
import { hasUnseen, UNSEEN } from '../../policy/unseen.ts';
import { WRITING } from './file-rules.ts';
import { FOLDERS } from './path-regex.ts';
import { stemOf } from './places.ts';
import { quote } from './quote.ts';
import { comment, rule } from './rule-text.ts';
import { allOf, anyOf, below, none } from './scoped-filters.ts';

const NAME = `([^/]*[ -.0-~])?(${UNSEEN.join('|')})+([ -.0-~][^/]*)?`;

/** Nothing is written by a name that some volumes take for another, nor below one, but in folders of
 * such names that allowWrite names. */
export function unseenRules({ points }: ChangeRules, tag: string): string[] {
  const known = points
    .filter(({ access, path }) => access === 'read-write' && namesOf(path).some(hasUnseen))
    .map(({ path }) => path);
  const filters = ['/', ...known].flatMap((folder) => {
    const inner = known.filter((one) => one !== folder && isWithin(one, folder));
    const conditions = [
      ...(folder === '/' ? [] : [anyOf(below(folder))]),
      ...none(inner.flatMap(below)),
    ];
    const text = `^${stemOf(folder)}${FOLDERS}/${NAME}${FOLDERS}$`;
    return allOf([`(regex ${quote(text)})`], conditions);
  });
  return [
    comment(
      'Names that some volumes take for others: letters that cannot be seen among those of ASCII.',
    ),
    ...rule('deny', WRITING, filters, tag),
  ];
}
