import type { PathFact } from '../host/paths.ts';
import { decideAccess, isWithin, type PathRule } from '../policy/path-rules.ts';
import { powersOf } from '../policy/powerful-sockets.ts';
import { describeSource } from '../policy/source.ts';
import type { UnixSocketRule } from '../policy/unix-sockets.ts';
import { refuseReplaceableLinks } from './unenforceable.ts';

export interface UnixSocketInput {
  sockets: readonly UnixSocketRule[];
  facts: ReadonlyMap<string, PathFact>;
  /** Whether the command may change what has a path. */
  isWritable(path: string): boolean;
  /** Home folders, without symbolic links. */
  homes: readonly string[];
}

export interface CompiledUnixSockets {
  /** Without links, and where what is missing would be. */
  paths: readonly string[];
  /** The same and as they were typed: variables may name them either way. */
  spellings: readonly string[];
  /** By the entry, in words, where it leads. */
  entries: ReadonlyMap<string, string>;
  notices: readonly string[];
}

/* A notice has the worst first, and no more of them than are read. */
const MAX_POWERS = 5;

/** Where the sockets of the list are. Throws SRT_COMPILE_UNENFORCEABLE for an entry that the command
 * could make mean another one. */
export function compileUnixSockets(input: UnixSocketInput): CompiledUnixSockets {
  const { sockets, facts, isWritable, homes } = input;
  const entries = new Map<string, string>();
  const notices: string[] = [];
  for (const socket of sockets) {
    const fact = facts.get(socket.path);
    if (!fact) throw new Error(`no fact about ${socket.path}`);
    const name = describeSource(socket.source);
    if (fact.kind === 'unreachable') {
      notices.push(`${name} cannot be reached (${fact.errno}), so it opens nothing`);
      continue;
    }
    /* An earlier run may have made the link, to open what the user never named. */
    refuseReplaceableLinks(socket, fact.links, isWritable);
    entries.set(name, fact.real);
    notices.push(...warnOfPowers(name, [socket.path, fact.real], homes));
    if (fact.kind !== 'directory' && isWritable(fact.real))
      notices.push(
        `${name} lies where the command can write: it can put another socket from there in its place`,
      );
  }
  const paths = [...entries.values()];
  const typed = sockets.map(({ path }) => path);
  return { paths, spellings: [...typed, ...paths], entries, notices };
}

function warnOfPowers(name: string, paths: readonly string[], homes: readonly string[]): string[] {
  const powers = [...new Set(paths.flatMap((path) => powersOf(path, homes)))];
  if (powers.length === 0) return [];
  const more = powers.length > MAX_POWERS ? `; and ${powers.length - MAX_POWERS} more` : '';
  return [`${name} gives away ${powers.slice(0, MAX_POWERS).join('; ')}${more}`];
}

/** Where a mount covers a socket, there is nothing to connect to. */
export function warnOfHidden(
  entries: CompiledUnixSockets['entries'],
  rules: readonly PathRule[],
): string[] {
  return [...entries].flatMap(([name, path]) => {
    const access = decideAccess(rules, path);
    return access === 'masked' || access === 'private' ? [describeHidden(name, path, rules)] : [];
  });
}

function describeHidden(name: string, path: string, rules: readonly PathRule[]): string {
  const [nearest] = rules
    .filter(
      ({ list, path: at }) => (list === 'denyRead' || list === 'private') && isWithin(path, at),
    )
    .sort((a, b) => b.path.length - a.path.length);
  const by = nearest ? describeHiding(nearest) : 'the sandbox';
  return `${name} is hidden from the command by ${by}: name it in filesystem.allowRead too`;
}

function describeHiding({ list, path, source }: PathRule): string {
  return list === 'private' ? `${path}, which is the sandbox's own` : describeSource(source);
}
