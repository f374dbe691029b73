import { judgeNames } from '../../../src/cli/doctor-names.ts';

test.each([
  [null, 'mediate', true, /^srt-init decides about each change/],
  ['a reason (EBUSY)', 'mediate', false, /^srt-init cannot decide about them: a reason \(EBUSY\)$/],
  ['a reason (EBUSY)', 'mount', true, /by placeholders and mounts.*; a reason \(EBUSY\)$/],
  [null, 'mount', true, /by placeholders and mounts.*; srt-init can decide/],
] as const)('where the reason is %j and settings say %s: %s', (undecided, wanted, ok, why) => {
  const finding = judgeNames(undecided, wanted);
  expect(finding.ok).toBe(ok);
  expect(finding.why).toMatch(why);
  /* A warning, and not a part that is missing: other sandboxes start. */
  expect(finding.without === undefined).toBe(ok);
});
