import type { Forward } from '../../policy/forward.ts';
import type { MacGrant, MachService } from '../../policy/mac-grants.ts';
import type { PathPattern, PathRule } from '../../policy/path-rules.ts';
import type { ProtectedName } from '../../policy/protected-name.ts';
import { mayRead } from '../../policy/reading-decision.ts';
import type { UnixSocketRule } from '../../policy/unix-sockets.ts';
import { nearRules } from '../indexed-access.ts';
import { compileUnixSockets } from '../unix-sockets.ts';
import { warnOfWideRoots } from '../wide-roots.ts';
import { mapAccess } from './access-points.ts';
import { compileNames } from './compile-names.ts';
import { denialRules } from './denial-rules.ts';
import type { SeatbeltFacts } from './facts.ts';
import { fileRules } from './file-rules.ts';
import { FIXED, GRANTS } from './fixed-texts.ts';
import { nameRules } from './name-rules.ts';
import { networkRules } from './network-rules.ts';
import type { SeatbeltPlan } from './plan.ts';
import { quote } from './quote.ts';
import { resolvePatterns } from './resolve-patterns.ts';
import { resolveRules } from './resolve-rules.ts';
import { serviceRules } from './service-rules.ts';
import { socketRules } from './socket-rules.ts';
import { writableOnMac } from './writable.ts';

export interface ProfileInput {
  rules: readonly PathRule[];
  /** Rules by name; none by default. */
  patterns?: readonly PathPattern[];
  protectedNames?: readonly ProtectedName[];
  facts: SeatbeltFacts;
  /** The one port of the gate on this machine. */
  gatePort: number;
  /** Further ports of this machine, by name. */
  forwards?: readonly Forward[];
  /** Of this run alone: it is in the log line of each denial. */
  tag: string;
  /** What few commands need; none by default. */
  grants?: readonly MacGrant[];
  services?: readonly MachService[];
  /** Unix sockets outside. */
  sockets?: readonly UnixSocketRule[];
  /** Where protected names of the home folder count from; some sockets lie there too. */
  homes?: readonly string[];
}

export interface CompiledProfile {
  /** For sandbox-exec(1), from a file. */
  text: string;
  /** Of the Unix sockets, in every spelling that the settings and the kernel have for them. */
  sockets: readonly string[];
  /** What the settings ask for and this machine has no object for: one line each. */
  notices: readonly string[];
  /** What denies an operation on a path (plan.ts). */
  ruleOf: SeatbeltPlan['ruleOf'];
}

/** Policy and facts to a Seatbelt profile, without touching the machine. Throws
 * SRT_COMPILE_UNENFORCEABLE for what cannot be kept. docs/macos.md says why each part is there. */
export function compileProfile(input: ProfileInput): CompiledProfile {
  const { facts, gatePort, tag, forwards = [], grants = [], services = [], patterns = [] } = input;
  if (!/^[\w.-]{1,100}$/.test(tag)) throw new Error(`no tag for a log line: ${tag}`);
  const { rules, kinds, notices } = resolveRules(input.rules, facts, patterns);
  const sockets = compileUnixSockets({
    ...{ sockets: input.sockets ?? [], facts: facts.paths, homes: input.homes ?? [] },
    isWritable: writableOnMac(rules, patterns, facts),
  });
  const named = resolvePatterns({
    ...{ rules, facts, homes: input.homes ?? [] },
    ...{ patterns, protectedNames: input.protectedNames ?? [] },
  });
  const names = compileNames({ rules, named, tag });
  const near = nearRules(rules);
  const files = {
    ...names,
    map: mapAccess([...rules, ...named.opened]),
    kindOf: (path: string) => kinds.get(path) ?? 'missing',
    caseInsensitive: facts.caseInsensitive,
    shows: (path: string) => mayRead({ paths: near(path), patterns: named.reading }, path),
    tag,
  };
  const sections = [
    '(version 1)\n',
    '; Whatever no rule below allows.\n',
    `(deny default (with message ${quote(tag)}))\n`,
    FIXED.process,
    FIXED.machine,
    FIXED.services,
    ...grants.map((grant) => GRANTS[grant]),
    ...serviceRules(services, tag),
    ...networkRules(gatePort, forwards),
    ...socketRules(sockets.paths),
    /* From here on the order is what makes it right: wildcards of files by depth, the devices that
     * no rule takes away, and single operations last. */
    ...fileRules(files),
    FIXED.devices,
    ...nameRules(files),
  ];
  return {
    text: sections.map(spaced).join(''),
    sockets: sockets.spellings,
    ruleOf: denialRules(rules, named),
    notices: [
      ...notices,
      ...named.notices,
      ...warnOfWideRoots(rules, named.changes.homes),
      ...sockets.notices,
    ],
  };
}

/** A part that starts with what it is for, after an empty line. */
function spaced(section: string): string {
  return section.startsWith(';') ? `\n${section}` : section;
}
