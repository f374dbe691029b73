import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/srt.ts';

/* Long runs with libFuzzer: npm run fuzz. */
test('srt-init survives 200,000 damaged instructions under the sanitizers', () => {
  const out = join(ROOT, 'dist/test/fuzz-standalone');
  mkdirSync(join(ROOT, 'dist/test'), { recursive: true });
  const files = ['rules', 'standing', 'tree', 'glob', 'fold', 'outward'].map(
    (name) => `native/files/${name}.c`,
  );
  const parsers = ['message', 'cursor', 'mounts/mount'].map((name) => `native/${name}.c`);
  const sources = ['test/native/fuzz-message.c', ...parsers, ...files];
  const flags = ['-g', '-O1', '-DSTANDALONE', '-fsanitize=address,undefined'];
  execFileSync('cc', [...flags, '-fno-sanitize-recover=all', '-o', out, ...sources], { cwd: ROOT });
  expect(execFileSync(out, ['200000', '20261120'], { encoding: 'utf8' })).toBe('200000 rounds\n');
});
