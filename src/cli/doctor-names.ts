import type { Finding } from './doctor-probe.ts';

export type NamesMode = 'mediate' | 'mount';

const WITHOUT =
  'sandboxes with a writable folder do not start, unless the settings have "filesystem": { "names": "mount" }, which keeps less';

/** How names that do not exist are kept here. `undecided` says why srt-init cannot decide about
 * them, or null; `wanted` is what the settings ask for. */
export function judgeNames(undecided: string | null, wanted: NamesMode): Finding {
  const capability = 'rules by name';
  const reason = undecided ?? 'srt-init can decide about them here';
  if (wanted === 'mount')
    return {
      capability,
      ok: true,
      why: `kept by placeholders and mounts, as filesystem.names says; ${reason}`,
    };
  if (undecided === null)
    return { capability, ok: true, why: 'srt-init decides about each change of a file' };
  return {
    capability,
    ok: false,
    why: `srt-init cannot decide about them: ${reason}`,
    without: WITHOUT,
  };
}
