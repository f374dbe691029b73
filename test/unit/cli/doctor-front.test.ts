import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { frontCheck } from '../../../src/cli/doctor-front.ts';
import { ROOT } from '../../support/srt.ts';
import { type Temporary, temporary } from '../temporary.ts';

let dir: Temporary;
beforeEach(() => {
  dir = temporary();
});
afterEach(() => dir.remove());

const SCRIPT = "#!/usr/bin/env node\nrequire('../srt.cjs');\n";
const NATIVE = Buffer.from('\x7fELF and so on', 'latin1');

test.each<[string, string | Buffer | null, string]>([
  ['native', NATIVE, 'ok'],
  ['a script', '#!/usr/bin/env node\n', 'warning'],
  ['empty', '', 'warning'],
  ['missing', null, 'warning'],
])('%s', (_what, content, status) => {
  if (content !== null) dir.file('bin/srt', content);
  const check = frontCheck(dir.path);
  expect(check.status).toBe(status);
  expect(check.fix === null).toBe(status === 'ok');
});

/* What npm does when it installs the package, and when it packs it. */
describe('scripts/front.mjs', () => {
  const place = (...args: string[]) => {
    dir.file('scripts/front.mjs', readFileSync(join(ROOT, 'scripts/front.mjs')));
    execFileSync(process.execPath, [join(dir.path, 'scripts/front.mjs'), ...args]);
  };
  const placed = () => readFileSync(join(dir.path, 'dist/bin/srt'), 'latin1');

  test('puts the program for this machine in place, and for a package the one for every machine', () => {
    dir.file('dist/srt.cjs', 'for every machine');
    dir.file(`dist/native/srt-${process.arch}`, NATIVE);
    place();
    expect(placed()).toBe(process.platform === 'linux' ? NATIVE.toString('latin1') : SCRIPT);
    place('--portable');
    expect(placed()).toBe(SCRIPT);
  });

  test('without one for this machine it is the one for every machine', () => {
    dir.file('dist/srt.cjs', 'console.log("ran")');
    /* As in the package, whose type is module. */
    dir.file('package.json', '{ "type": "module" }');
    place();
    expect(placed()).toBe(SCRIPT);
    expect(execFileSync(join(dir.path, 'dist/bin/srt'), { encoding: 'utf8' })).toBe('ran\n');
  });

  test('does nothing in a checkout that is not built', () => {
    expect(place).not.toThrow();
    expect(placed).toThrow('ENOENT');
  });
});
