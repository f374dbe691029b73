/* What a filter of a rule says about one request. */
import type { Node } from './parse.ts';

/** One thing that the kernel asks the sandbox about. */
export interface Request {
  operation: string;
  /** As the kernel has it: absolute, without links. */
  path?: string;
  vnodeType?: string;
  /** Of the sandbox extensions, those that the process holds for the object. */
  extensions?: readonly string[];
  remote?: Address;
  /** The path of a Unix socket to connect to. */
  remoteSocket?: string;
  /** Of a socket that is being made: "AF_UNIX". */
  domain?: string;
  local?: Address;
  /** Of a Mach service, a sysctl, a POSIX object, an IOKit class. */
  name?: string;
  /** Whom a signal or a look at a process is for. */
  target?: 'self' | 'same-sandbox' | 'others';
  /** How expressions are read for it; by characters, if nobody says. */
  counted?: Counted | undefined;
}

export type Counted = 'characters' | 'bytes';

export interface Address {
  protocol: 'tcp' | 'udp';
  host: string;
  port: number;
}

export type Filter = (request: Request) => boolean;
export type Parameters = ReadonlyMap<string, string>;

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

function address(protocol: string, pattern: string): (given: Address | undefined) => boolean {
  const [, host, port] = /^(\*|localhost):(\*|\d+)$/.exec(pattern) ?? [];
  if (host === undefined) throw new Error(`the host of ${pattern} must be * or localhost`);
  if (!['ip', 'ip4', 'ip6', 'tcp', 'udp'].includes(protocol)) throw new Error(`${protocol} socket`);
  return (given) =>
    given !== undefined &&
    (protocol.startsWith('ip') || given.protocol === protocol) &&
    (host === '*' || LOOPBACK.includes(given.host)) &&
    (port === '*' || given.port === Number(port));
}

/* Profiles have hundreds of them, and are asked thousands of times. */
const expressions = new Map<string, RegExp>();

function expression(text: string): RegExp {
  const known = expressions.get(text) ?? new RegExp(text, 's');
  expressions.set(text, known);
  return known;
}

/** The bytes of a text, each as one character. */
function bytesOf(text: string): string {
  return /^[\0-\u007f]*$/.test(text) ? text : Buffer.from(text).toString('latin1');
}

/** A filter that compares one text of the request with each of its arguments. */
type Comparison = (given: string, wanted: string, counted: Counted) => boolean;
const equal: Comparison = (given, wanted) => given === wanted;
const prefix: Comparison = (given, wanted) => given.startsWith(wanted);
const pattern: Comparison = (given, wanted, counted) =>
  counted === 'bytes'
    ? expression(bytesOf(wanted)).test(bytesOf(given))
    : expression(wanted).test(given);
const below: Comparison = (given, wanted) =>
  given === wanted || given.startsWith(wanted.endsWith('/') ? wanted : `${wanted}/`);

const COMPARISONS: Readonly<Record<string, readonly ['path' | 'name', Comparison]>> = {
  literal: ['path', equal],
  'path-literal': ['path', equal],
  path: ['path', equal],
  subpath: ['path', below],
  prefix: ['path', prefix],
  regex: ['path', pattern],
  'global-name': ['name', equal],
  'global-name-prefix': ['name', prefix],
  'global-name-regex': ['name', pattern],
  'sysctl-name': ['name', equal],
  'sysctl-name-prefix': ['name', prefix],
  'ipc-posix-name': ['name', equal],
  'ipc-posix-name-prefix': ['name', prefix],
  'ipc-posix-name-regex': ['name', pattern],
  'iokit-user-client-class': ['name', equal],
  'iokit-registry-entry-class': ['name', equal],
};

export function stringOf(node: Node | undefined, parameters: Parameters): string {
  if (node?.kind === 'string') return node.value;
  if (node?.kind === 'list' && node.items[0]?.kind === 'symbol') {
    const [{ name }, ...rest] = node.items as [{ kind: 'symbol'; name: string }, ...Node[]];
    const values = rest.map((item) => stringOf(item, parameters));
    if (name === 'string-append') return values.join('');
    const value = name === 'param' ? parameters.get(values[0] ?? '') : undefined;
    if (value !== undefined) return value;
  }
  throw new Error(`not a string: ${JSON.stringify(node)}`);
}

export function symbolOf(node: Node | undefined): string {
  if (node?.kind !== 'symbol') throw new Error(`not a symbol: ${JSON.stringify(node)}`);
  return node.name;
}

export function compileFilter(node: Node, parameters: Parameters): Filter {
  if (node.kind !== 'list') throw new Error(`not a filter: ${JSON.stringify(node)}`);
  const [head, ...rest] = node.items;
  const kind = symbolOf(head);
  const inner = () => rest.map((item) => compileFilter(item, parameters));
  const strings = () => rest.map((item) => stringOf(item, parameters));
  if (rest.length === 0) throw new Error(`${kind} says nothing`);

  const comparison = COMPARISONS[kind];
  if (comparison) {
    const [field, compare] = comparison;
    const wanted = strings();
    return ({ [field]: given, counted = 'characters' }) =>
      given !== undefined && wanted.some((w) => compare(given, w, counted));
  }
  switch (kind) {
    case 'require-any': {
      const filters = inner();
      return (request) => filters.some((filter) => filter(request));
    }
    case 'require-all': {
      const filters = inner();
      return (request) => filters.every((filter) => filter(request));
    }
    case 'require-not': {
      const filters = inner();
      return (request) => !filters.some((filter) => filter(request));
    }
    case 'vnode-type': {
      const types = rest.map(symbolOf);
      return ({ vnodeType }) => vnodeType !== undefined && types.includes(vnodeType);
    }
    case 'extension': {
      const classes = strings();
      return ({ extensions = [] }) => classes.some((name) => extensions.includes(name));
    }
    case 'target': {
      const who = symbolOf(rest[0]);
      return ({ target }) => target === who || (target === 'self' && who === 'same-sandbox');
    }
    case 'socket-domain': {
      const domains = rest.map(symbolOf);
      return ({ domain }) => domain !== undefined && domains.includes(domain);
    }
    case 'remote':
    case 'local': {
      if (symbolOf(rest[0]) === 'unix-socket') {
        if (kind === 'local' || !rest[1]) throw new Error(`${kind} of which Unix socket`);
        const matches = compileFilter(rest[1], parameters);
        return ({ remoteSocket: path }) => path !== undefined && matches({ operation: '', path });
      }
      const matches = address(symbolOf(rest[0]), stringOf(rest[1], parameters));
      return (request) => matches(request[kind]);
    }
    default:
      throw new Error(`no filter is called ${kind}`);
  }
}
