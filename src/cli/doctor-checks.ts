import { isSrtError } from '../errors.ts';

/** One line of `srt doctor`. */
export interface Check {
  capability: string;
  status: 'ok' | 'warning' | 'missing';
  why: string;
  /** The next step, where there is one. */
  fix: string | null;
}

export const REPORT_IT = 'report this with the output of srt doctor --json';

export function renderCheck({ capability, status, why, fix }: Check): string {
  const fixed = fix === null ? '' : `\n${' '.repeat(10)}fix: ${fix}`;
  return `${status.padEnd(8)}  ${capability}: ${why}${fixed}\n`;
}

export function attempt(capability: string, probe: () => string): Check {
  try {
    return { capability, status: 'ok', why: probe(), fix: null };
  } catch (error) {
    return failure(capability, error);
  }
}

export function failure(capability: string, error: unknown): Check {
  const why = error instanceof Error ? error.message : String(error);
  const fix = isSrtError(error) ? (error.hint ?? null) : null;
  return { capability, status: 'missing', why, fix };
}
