// npm run demo: a real MCP server behind srt, and what it is allowed and refused. Works on a
// fresh clone. Exit status 0 only when everything came out as it should.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';
import { setUp } from './set-up.mjs';

const SRT = join(root, 'dist', 'bin', 'srt');
const SERVER = join(root, 'node_modules/@modelcontextprotocol/server-filesystem/dist/index.js');

/* Asks the proxy that the environment names for a page; runs inside the sandbox. */
const ASK = `
const proxy = new URL(process.env.HTTP_PROXY);
require('node:http').get({ host: proxy.hostname, port: proxy.port, path: process.argv[1] }, (r) => {
  let text = '';
  r.on('data', (chunk) => { text += chunk; });
  r.on('end', () => console.log(JSON.stringify({ status: r.statusCode, text })));
});`;

/** The folder of one demo: a home with a secret, a project, the settings. */
function makePlace(port) {
  const home = realpathSync(mkdtempSync(join(homedir(), '.srt-demo-')));
  process.on('exit', () => rmSync(home, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
  const project = join(home, 'project');
  mkdirSync(join(project, 'out'), { recursive: true });
  mkdirSync(join(home, '.ssh'));
  writeFileSync(join(home, '.ssh', 'id_ed25519'), 'a planted private key\n');
  writeFileSync(join(project, 'notes.txt'), 'notes of the project\n');
  const settings = {
    network: { allowedDomains: [`127.0.0.1:${port}`] },
    filesystem: { allowWrite: ['~/project/out'] },
  };
  /* The server is part of this checkout, which the sandbox's private /tmp would hide. */
  if (root.startsWith('/tmp/')) settings.filesystem.allowRead = [root];
  writeFileSync(join(home, '.srt-settings.json'), JSON.stringify(settings, null, 2));
  return { home, project, settings, env: { PATH: process.env.PATH ?? '', HOME: home } };
}

/** Starts the server through srt; the server itself allows the whole home folder. */
async function connect({ home, project, env }) {
  const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
  const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
  const client = new Client({ name: 'srt-demo', version: '1.0.0' });
  const transport = new StdioClientTransport({
    command: SRT,
    args: [process.execPath, SERVER, home],
    env,
    cwd: project,
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  try {
    await client.connect(transport);
  } catch (error) {
    throw new Error(`the server did not start: ${stderr.trim() || error.message}`);
  }
  return client;
}

/** Runs ASK through srt. */
function ask(url, { project, env }) {
  return new Promise((resolve, reject) => {
    const args = [process.execPath, '-e', ASK, url];
    execFile(SRT, args, { env, cwd: project }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr.trim() || error.message));
      else resolve(JSON.parse(stdout));
    });
  });
}

/** What is shown: each step says what came of it, and what that must look like. */
function steps(client, place, port) {
  const call = async (name, args) => {
    const { content, isError } = await client.callTool({ name, arguments: args });
    return { refused: isError === true, seen: content[0].text.trim() };
  };
  const visit = async (url) => {
    const { status, text } = await ask(url, place);
    return { refused: status === 403, seen: text.trim() };
  };
  const at = (...names) => join(place.home, ...names);
  const read = (path) => call('read_text_file', { path });
  const write = (path) => call('write_file', { path, content: 'written by the server\n' });
  const listTools = async () => {
    const { tools } = await client.listTools();
    return { refused: false, seen: `${tools.length} tools` };
  };
  const written = at('project', 'out', 'new.txt');
  return [
    ['allowed', 'list the tools of the server', listTools, /^[1-9]\d* tools$/],
    ['allowed', 'read a file of the project', () => read(at('project', 'notes.txt')), /^notes/],
    ['allowed', 'write in the writable folder', () => write(written), /^Successfully wrote/],
    ['allowed', 'read it again', () => read(written), /^written by the server$/],
    ['allowed', 'visit the listed host', () => visit(`http://127.0.0.1:${port}/`), /^welcome$/],
    ['refused', 'read ~/.ssh/id_ed25519', () => read(at('.ssh', 'id_ed25519')), /^EACCES: /],
    ['refused', 'write into ~/.bashrc', () => write(at('.bashrc')), /^EROFS: /],
    ['refused', 'write beside the folder', () => write(at('project', 'new.txt')), /^EROFS: /],
    ['refused', 'visit an unlisted host', () => visit('http://example.com/'), /^srt refused "ex/],
  ];
}

/** Runs one step and prints it. Returns what is wrong with it, or null. */
async function show([expected, what, act, pattern]) {
  const { refused, seen } = await act().catch((error) => ({ refused: null, seen: error.message }));
  const outcome = refused === null ? 'failed' : refused ? 'refused' : 'allowed';
  const [first, ...more] = seen.split('\n');
  console.log(`  ${outcome}   ${what.padEnd(30)} ${first}`);
  for (const line of more) console.log(`${' '.repeat(43)}${line}`);
  return outcome === expected && pattern.test(seen) ? null : `"${what}" should be ${expected}`;
}

/* Without these the refusals would prove nothing. */
function checkOutside({ home, project }) {
  const secret = readFileSync(join(home, '.ssh', 'id_ed25519'), 'utf8');
  const written = readFileSync(join(project, 'out', 'new.txt'), 'utf8');
  const wrong = [];
  if (!/planted/.test(secret)) wrong.push('the planted key should be readable outside');
  if (!/written by/.test(written)) wrong.push('what the server wrote should be there outside');
  return wrong;
}

async function demo() {
  const web = createServer((_request, response) => response.end('welcome'));
  await new Promise((resolve) => web.listen(0, '127.0.0.1', resolve));
  const { port } = web.address();
  const place = makePlace(port);
  console.log('The MCP server server-filesystem, told that it may do anything in a home folder of');
  console.log(`this demo's own (${place.home}), runs as\n`);
  console.log('  srt node server-filesystem/dist/index.js ~\n');
  console.log(`with this ~/.srt-settings.json:\n\n  ${JSON.stringify(place.settings)}\n`);
  const client = await connect(place);
  const wrong = [];
  for (const step of steps(client, place, port)) wrong.push((await show(step)) ?? []);
  await client.close();
  web.close();
  return [...wrong.flat(), ...checkOutside(place)];
}

setUp();
try {
  const wrong = await demo();
  for (const sentence of wrong) console.log(`\nNOT as expected: ${sentence}`);
  if (wrong.length === 0) console.log('\nEverything came out as expected.');
  process.exit(wrong.length === 0 ? 0 : 1);
} catch (error) {
  console.error(`The demo could not run: ${error.message}`);
  process.exit(1);
}
