import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { helperPath } from '../../src/host/helper.ts';
import { requires } from '../support/requires.ts';
import { ROOT } from '../support/srt.ts';
import { temporary } from '../unit/temporary.ts';

/* All that bubblewrap is told, whatever the settings are (native/launch/launch.c). A change of the .txt file
 * is a change of the sandbox: it is written by hand and reviewed, never by a test run. */

/** One option with its values per line. */
function told(): string {
  const dir = temporary();
  try {
    const printer = dir.file('bwrap', '#!/bin/sh\nprintf "%s\\n" "$*"\n', 0o755);
    const stdio = [
      'ignore',
      'pipe',
      'inherit',
      'ignore',
      'pipe',
      'ignore',
      'ignore',
      'ignore',
    ] as const;
    const helper = helperPath(join(ROOT, 'dist'));
    const { stdout } = spawnSync(helper, ['launch', printer], { stdio: [...stdio] });
    return stdout.toString().replaceAll(' --', '\n--');
  } finally {
    dir.remove();
  }
}

requires('Linux', process.platform === 'linux')('the options of bubblewrap', () => {
  expect(told()).toBe(readFileSync(join(__dirname, 'bubblewrap-options.txt'), 'utf8'));
});
