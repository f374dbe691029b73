import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { SrtError } from '../errors.ts';
import type { Policy } from '../policy/policy.ts';
import { protectedPaths } from '../policy/protected-paths.ts';
import { describeSource } from '../policy/source.ts';
import { probeBubblewrap } from './bubblewrap.ts';
import type { HostFacts } from './facts.ts';
import { findMatches, type Search } from './find-matches.ts';
import { probeHelper } from './helper.ts';
import { leaseFolder } from './lease-folder.ts';
import { findIgnoredCase, isOpenOtherwise } from './letter-case.ts';
import { probeNameFiles } from './name-files.ts';
import { createPathProbe, type Identity, type PathFact } from './paths.ts';
import { readUsualNames } from './usual-names.ts';

/** Reads everything that the compiler needs. `dist` is the folder of the installed bundles.
 * Throws one of the SRT_HOST_* errors. */
export function probeHost(
  policy: Policy,
  cwd: string,
  dist: string,
  progress: Search['progress'] = () => {},
): HostFacts {
  if (process.platform !== 'linux') {
    throw new SrtError('SRT_HOST_PLATFORM', `srt does not run on ${process.platform} yet`);
  }
  refuseNesting();
  const identities = new Map<string, Identity>();
  const probePath = createPathProbe(identities, describePath(policy));
  const lease = leaseFolder();
  const protectedByMount = policy.names === 'mount' ? protectedPaths(policy) : [];
  const paths = new Map<string, PathFact>(
    [
      ...policy.paths.map(({ path }) => path),
      ...policy.patterns.map(({ base }) => base),
      ...policy.homes,
      ...(policy.caches ? [policy.caches.store.base] : []),
      ...protectedByMount.map(({ path }) => path),
      lease,
      ...(policy.unixSockets ?? []).map(({ path }) => path),
    ].map((path) => [path, probePath(path)]),
  );
  const uid = process.getuid?.() ?? 0;
  const reading = policy.patterns.filter(({ list }) => list === 'denyRead' || list === 'allowRead');
  const realOf = (path: string) => {
    const fact = paths.get(path);
    return fact && fact.kind !== 'unreachable' ? [fact.real] : [];
  };
  const ignoredCase = findIgnoredCase(policy, realOf);
  const matches = findMatches(reading, {
    uid,
    ignoresCase: (base) => realOf(base).some((real) => ignoredCase.has(real)),
    progress,
  });
  for (const path of [...matches.values()].flat()) paths.set(path, probePath(path));
  const masked = [
    ...policy.paths.flatMap(({ list, path }) => (list === 'denyRead' ? [path] : [])),
    ...reading.flatMap((p) => (p.list === 'denyRead' ? (matches.get(p) ?? []) : [])),
  ];
  return {
    uid,
    gid: process.getgid?.() ?? 0,
    cwd: judgeWorkingDirectory(cwd, probePath(cwd)),
    bubblewrap: probeBubblewrap(),
    helper: probeHelper(dist),
    nameFiles: probeNameFiles(),
    leaseFolder: lease,
    usualNames: readUsualNames(dist),
    rootLinks: policy.paths.some(({ path }) => path === '/') ? probeRootLinks() : new Map(),
    paths,
    matches,
    ignoredCase,
    /* Most credential stores are missing: to ask about each would be an exception at each start. */
    openOtherwise: new Set(
      masked
        .filter((path) => paths.get(path)?.kind !== 'missing')
        .flatMap(realOf)
        .filter(isOpenOtherwise),
    ),
    emptyFolders: new Set(
      protectedByMount.flatMap(({ path, filesOnly }) => {
        const fact = paths.get(path);
        return filesOnly && fact?.kind === 'directory' && isEmpty(fact.real) ? [fact.real] : [];
      }),
    ),
    identities,
  };
}

/** A path by the rule that has it, in words. */
function describePath({ paths, patterns, unixSockets = [] }: Policy): (path: string) => string {
  return (path) => {
    const rule =
      [...paths, ...unixSockets].find((one) => one.path === path) ??
      patterns.find(({ base }) => base === path);
    return rule ? describeSource(rule.source) : JSON.stringify(path);
  };
}

/** A sandbox of srt refuses namespaces, and so a second one inside it. */
function refuseNesting(): void {
  let first = '';
  try {
    first = readFileSync('/proc/1/comm', 'utf8').trim();
  } catch {
    /* No procfs; what follows will say so. */
  }
  if (first !== 'srt-init') return;
  throw new SrtError('SRT_HOST_USER_NAMESPACES', 'this is inside a sandbox of srt already', {
    hint: 'run the command without srt',
  });
}

/** The caller's working directory. Throws SRT_HOST_WORKING_DIRECTORY when it is gone. */
export function workingDirectory(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new SrtError('SRT_HOST_WORKING_DIRECTORY', 'the working directory no longer exists', {
      hint: 'change to one that does',
      cause,
    });
  }
}

/** The real path of the folder, or SRT_HOST_WORKING_DIRECTORY. */
export function judgeWorkingDirectory(cwd: string, fact: PathFact): string {
  if (fact.kind === 'directory') return fact.real;
  throw new SrtError(
    'SRT_HOST_WORKING_DIRECTORY',
    `the working directory ${JSON.stringify(cwd)} cannot be reached`,
    { hint: 'change to a folder that exists and whose name is UTF-8' },
  );
}

/** What cannot be listed is not known to be. */
function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

function probeRootLinks(): Map<string, string> {
  const links = readdirSync('/', { withFileTypes: true }).filter((entry) => entry.isSymbolicLink());
  return new Map(links.map(({ name }) => [`/${name}`, readlinkSync(`/${name}`)]));
}
