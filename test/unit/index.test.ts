import * as library from '../../src/index.ts';

/* What others build on: a name that goes, or comes, is a decision and no accident. */
test('the library has these exports', () => {
  expect(Object.keys(library).sort()).toEqual([
    'SrtError',
    'createSandbox',
    'isSrtError',
    'loadSettings',
    'loadText',
    'readRegistries',
    'toPolicy',
  ]);
});

test('an SrtError is known by its mark, whatever copy of the package made it', () => {
  const error = new library.SrtError('SRT_USAGE', 'message', { hint: 'hint', cause: 'cause' });
  expect(error).toMatchObject({
    name: 'SrtError',
    code: 'SRT_USAGE',
    message: 'message',
    hint: 'hint',
    cause: 'cause',
    details: {},
  });
  expect(library.isSrtError(error)).toBe(true);
  expect(library.isSrtError({ [Symbol.for('srt-sandbox.error')]: true })).toBe(true);
  for (const other of [new Error('x'), 'SRT_USAGE', null, undefined, { code: 'SRT_USAGE' }]) {
    expect(library.isSrtError(other)).toBe(false);
  }
});
