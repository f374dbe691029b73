import { SrtError } from '../errors.ts';
import type { EnvironmentPolicy, EnvironmentRule } from '../policy/environment.ts';
import { GROUPS, OWN_VARIABLES } from '../policy/environment-rules.ts';
import type { LoadedSettings, SettingPath } from './settings.ts';

/** The group `env` as rules; `clean` is the command line's word. Throws SRT_SETTINGS_INVALID with
 * the place of the entry. No value is ever quoted: there may be a secret in it. */
export function environmentOf(loaded: LoadedSettings, clean: boolean): EnvironmentPolicy {
  const { mode = 'inherit', set = {} } = loaded.settings.env ?? {};
  const rules = [...rulesOf(loaded, 'pass'), ...rulesOf(loaded, 'deny')];
  for (const [name, value] of Object.entries(set)) checkVariable(loaded, name, value);
  return { mode: clean ? 'clean' : mode, rules, set: Object.entries(set) };
}

function rulesOf(loaded: LoadedSettings, list: 'pass' | 'deny'): EnvironmentRule[] {
  return (loaded.settings.env?.[list] ?? []).flatMap((typed, index) => {
    const place = ['env', list, index];
    const group = typed.startsWith('@');
    const problem = group ? groupProblem(typed) : patternProblem(typed);
    if (problem !== null) throw invalid(loaded, place, `${JSON.stringify(typed)} ${problem}`);
    const source = { setting: `env.${list}`, typed, where: loaded.locate(place) };
    const patterns = group ? (GROUPS[typed] ?? []) : [typed];
    return patterns.map((pattern) => ({
      list,
      pattern: Buffer.from(pattern).toString('latin1'),
      group,
      source,
    }));
  });
}

function groupProblem(typed: string): string | null {
  if (Object.hasOwn(GROUPS, typed)) return null;
  return `is no list that srt has; it has ${Object.keys(GROUPS).join(', ')}`;
}

function patternProblem(typed: string): string | null {
  if (typed.includes('\0')) return 'contains a NUL byte, which no variable has';
  if (typed.includes('=')) return 'contains =; this list has names alone, env.set has values';
  /* Taken literally they would be a rule about nothing, which its author takes for one. */
  if (/[?[\]{}]/.test(typed)) return 'has a wildcard other than *';
  return isOwn(typed) ? 'is set by srt in every sandbox' : null;
}

function checkVariable(loaded: LoadedSettings, name: string, value: string): void {
  const fail = (problem: string) =>
    invalid(loaded, ['env', 'set', name], `env.set ${JSON.stringify(name)} ${problem}`);
  if (isOwn(name)) throw fail('is set by srt in every sandbox, and cannot be set otherwise');
  if (name === '') throw fail('is not a name');
  if (name.includes('=')) throw fail('contains =, at which the name would end');
  if (name.includes('\0') || value.includes('\0')) throw fail('contains a NUL byte');
}

function isOwn(name: string): boolean {
  return (OWN_VARIABLES as readonly string[]).includes(name);
}

function invalid(loaded: LoadedSettings, place: SettingPath, problem: string): SrtError {
  return new SrtError('SRT_SETTINGS_INVALID', `${loaded.locate(place)}: ${problem}`);
}
