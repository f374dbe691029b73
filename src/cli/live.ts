import { isSrtError } from '../errors.ts';
import { type Watched, watchSettings } from '../settings/watch.ts';
import { readControlFd } from './control-lines.ts';

export { checkControlFd } from './control-lines.ts';

/** Where the lists of a running command come from. */
export interface LiveSources {
  /** What messages call the file. */
  file: string;
  watched: Watched;
  controlFd: number | null;
  /** Puts settings into effect; throws what it cannot. `file` is what messages call them. Ones
   * that are not complete say nothing of the groups they leave out, the network lists excepted. */
  apply(text: string, file: string, complete: boolean): void;
  notice(message: string): void;
}

/** Keeps the network lists of a running command to what the settings file and the control
 * descriptor say; the latest counts. What is not valid changes nothing, and a line says why. */
export function followSettings({ file, watched, controlFd, apply, notice }: LiveSources): void {
  const refuse = (problem: string) => notice(`${problem}; the network lists stay as they were`);
  const attempt = (text: string, from: string, complete: boolean) => {
    try {
      apply(text, from, complete);
    } catch (error) {
      const hint = isSrtError(error) && error.hint !== undefined ? ` (${error.hint})` : '';
      refuse(`${error instanceof Error ? error.message : String(error)}${hint}`);
    }
  };
  watchSettings(watched, {
    changed: (text) => attempt(text, file, true),
    failed: (problem) => refuse(problem.startsWith(file) ? problem : `${file}: ${problem}`),
  });
  if (controlFd === null) return;
  const name = `--control-fd ${controlFd}`;
  readControlFd(controlFd, {
    line: (text, number) => attempt(text, `${name}, line ${number}`, false),
    failed: (problem) => refuse(`${name}: ${problem}`),
  });
}
