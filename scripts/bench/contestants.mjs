import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../root.mjs';
import { ownAddress } from './servers.mjs';

export { root };

/** One set of rules for a network test and one for a start in a project that may be written. */
const SETTINGS = {
  network: { allowedDomains: ['127.0.0.1', ownAddress() ?? '127.0.0.1'] },
  project: { allowWrite: ['.'] },
  /* git makes its configuration and hooks in a clone. */
  repository: { allowWrite: ['.'], off: ['git-config', 'git-hooks'] },
};

/** A contestant turns a command into the argv that runs it: `wrap(command, kind of settings)`.
 * `column` is where its figures stand in the table. `existing` and `codex` may be null. */
export function createContestants(temporary, existing, codex) {
  const direct = { column: 'control', wrap: (command) => command };
  const bubblewrap = {
    column: 'bwrap',
    wrap: (command) => [
      ...['/usr/bin/bwrap', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
      ...['--unshare-all', ...command],
    ],
  };
  const srt = {
    column: 'srt',
    wrap: (command, kind) => [
      ...[join(root, 'dist/bin/srt'), '--settings', join(temporary, `srt-${kind}.json`)],
      ...['--', ...command],
    ],
  };
  const other = existing && {
    column: 'existing',
    /* Someone else's program: when it fails, that is a note and not a failure of the bench. */
    optional: true,
    wrap: (command, kind) => [
      ...[process.execPath, existing],
      ...['-s', join(temporary, `existing-${kind}.json`), '--', ...command],
    ],
  };
  for (const [kind, { allowedDomains = [], allowWrite = [], off = [] }] of Object.entries(
    SETTINGS,
  )) {
    const save = (tool, settings) =>
      writeFileSync(join(temporary, `${tool}-${kind}.json`), JSON.stringify(settings));
    save('srt', { network: { allowedDomains }, filesystem: { allowWrite, protect: { off } } });
    save('existing', existingSettings(allowedDomains, allowWrite));
  }
  const third = codex && {
    column: 'codex',
    optional: true,
    /* The process that is started is a shim, whose own memory says nothing. */
    isShim: true,
    wrap: (command) => [...codex, ...command],
  };
  const wrappers = [srt, other, third].filter(Boolean);
  return { direct, bubblewrap, srt, wrappers };
}

/** The existing srt wants every list spelled out. */
export function existingSettings(allowedDomains, allowWrite) {
  return {
    network: { allowedDomains, deniedDomains: [] },
    filesystem: { denyRead: [], allowWrite, denyWrite: [] },
  };
}
