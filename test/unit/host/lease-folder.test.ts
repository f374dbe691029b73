import { userInfo } from 'node:os';
import { join } from 'node:path';
import { leaseFolder } from '../../../src/host/lease-folder.ts';

const OWN = join(userInfo().homedir, '.local/state/srt/lease');

test.each([
  ['/state', '/state/srt/lease'],
  ['/state/../other/', '/other/srt/lease'],
  ['state', OWN],
  ['', OWN],
  [undefined, OWN],
])('XDG_STATE_HOME %j: %s', (given, expected) => {
  expect(leaseFolder(given === undefined ? {} : { XDG_STATE_HOME: given })).toBe(expected);
});
