import type { ChildProcess } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type CallToolResult, CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Settings } from '../../src/settings/settings.ts';
import { ROOT, type Scratch, SRT, scratch } from './srt.ts';

/** One server of an .mcp.json. */
export interface ServerEntry {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

/** How the servers of a workplace are started: as their own documentation says, and with srt in
 * front of the command. The first is the control of the second. */
export const WAYS = ['outside', 'through srt'] as const;
export type Way = (typeof WAYS)[number];

/** The one change that a user of srt makes to an entry. */
function behindSrt(entry: ServerEntry): ServerEntry {
  return { ...entry, command: 'srt', args: [entry.command, ...entry.args] };
}

/** The entry that starts an MCP server package of this checkout's node_modules. */
export function packagedServer(name: string, args: string[] = []): ServerEntry {
  const script = join(ROOT, 'node_modules', '@modelcontextprotocol', name, 'dist', 'index.js');
  return { command: 'node', args: [script, ...args] };
}

export interface ConnectOptions {
  /** A client with handlers of its own. */
  client?: Client;
  /** A program that starts the server's command, as an agent with an environment of its own. */
  host?: ServerEntry;
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A connection of the real client to a server. */
export interface Session {
  client: Client;
  /** The process that the client started: srt, or the server itself. */
  pid: number;
  /** When that process is gone. */
  exited: Promise<Exit>;
  /** What it wrote to standard error until now. */
  stderr(): string;
  call(tool: string, args?: Record<string, unknown>): Promise<CallToolResult>;
  /** What any MCP client does: closes standard input, and only later signals. */
  close(): Promise<Exit>;
}

/** A user's machine for one test: a home folder, a project with its .mcp.json, srt on PATH. */
export interface Workplace extends Scratch {
  home: string;
  project: string;
  /** Writes ~/.srt-settings.json. */
  configure(settings: Settings): void;
  /** Writes the .mcp.json of both ways. */
  servers(entries: Record<string, ServerEntry>): void;
  /** Starts a server of the .mcp.json and initializes. */
  connect(way: Way, server: string, options?: ConnectOptions): Promise<Session>;
}

export function workplace(): Workplace {
  const dir = scratch();
  const home = dir.folder('home');
  const project = dir.folder('project');
  symlinkSync(SRT, join(dir.folder('bin'), 'srt'));
  const path = [join(dir.path, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'];
  const environment = { HOME: home, PATH: path.join(delimiter) };
  const config = (way: Way) => join(way, '.mcp.json');
  /* The servers lie in the checkout, which a private /tmp would hide if it lay there. */
  const configure = ({ filesystem, ...others }: Settings) => {
    const shown = { ...filesystem, allowRead: [ROOT, ...(filesystem?.allowRead ?? [])] };
    dir.file('home/.srt-settings.json', JSON.stringify({ ...others, filesystem: shown }));
  };
  configure({});
  return {
    ...dir,
    home,
    project,
    configure,
    servers(entries) {
      const wrapped = Object.entries(entries).map(([name, entry]) => [name, behindSrt(entry)]);
      const write = (way: Way, mcpServers: unknown) =>
        dir.file(config(way), JSON.stringify({ mcpServers }, null, 2));
      write('outside', entries);
      write('through srt', Object.fromEntries(wrapped));
    },
    connect(way, server, options = {}) {
      const { mcpServers } = JSON.parse(readFileSync(join(dir.path, config(way)), 'utf8'));
      const entry = options.host ? startedBy(options.host, mcpServers[server]) : mcpServers[server];
      const env = { ...environment, ...entry.env };
      return connect({ ...entry, env }, project, options.client);
    },
  };
}

function startedBy(host: ServerEntry, { command, args, env }: ServerEntry): ServerEntry {
  return { ...host, args: [...host.args, command, ...args], env: { ...env, ...host.env } };
}

/* 5 MB of text arrive twice in one line, as text and as structured content, with escapes. */
const MAX_MESSAGE = 64 * 1024 * 1024;

export function testClient(capabilities: Record<string, object> = {}): Client {
  return new Client({ name: 'srt-test', version: '1.0.0' }, { capabilities });
}

async function connect(entry: ServerEntry, cwd: string, client = testClient()): Promise<Session> {
  const transport = new StdioClientTransport({
    ...entry,
    cwd,
    stderr: 'pipe',
    maxBufferSize: MAX_MESSAGE,
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  try {
    await client.connect(transport);
  } catch (cause) {
    throw new Error(`${entry.command} ${entry.args.join(' ')} did not start: ${stderr}`, { cause });
  }
  /* The client keeps the exit status to itself, and it is half of what a shutdown test is about. */
  const child = (transport as unknown as { _process: ChildProcess })._process;
  const exited = new Promise<Exit>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    client,
    pid: child.pid as number,
    exited,
    stderr: () => stderr,
    async call(tool, args = {}) {
      const result = await client.callTool({ name: tool, arguments: args }, CallToolResultSchema);
      return result as CallToolResult;
    },
    async close() {
      await client.close();
      return exited;
    },
  };
}

/** The text of a result that is one text. */
export function textOf({ content }: CallToolResult): string {
  const [first] = content;
  if (content.length !== 1 || first?.type !== 'text') throw new Error('not a single text');
  return first.text;
}
