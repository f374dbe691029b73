import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  packagedServer,
  type Session,
  textOf,
  WAYS,
  type Workplace,
  workplace,
} from '../support/mcp.ts';

const MEGABYTE = 1024 * 1024;

/** Text in which a byte that is lost, doubled or decoded twice shows: escapes, all lengths of
 * UTF-8, lines of no fixed length. */
function largeText(size: number): string {
  const lines: string[] = [];
  for (let length = 0; length < size; ) {
    const line = `${randomBytes(60).toString('base64')} "\\\t\r é 漢 🧪 \u2028 ${lines.length}`;
    length += Buffer.byteLength(line) + 1;
    lines.push(line);
  }
  return lines.join('\n');
}

/* For the server everything in the project is allowed: what is refused is refused by srt. */
describe.each(WAYS)('server-filesystem %s', (way) => {
  const sandboxed = way === 'through srt';
  let place: Workplace;
  let session: Session;

  beforeAll(async () => {
    place = workplace();
    place.file('project/readme.md', 'read me\n');
    place.file('project/token.env', 'TOKEN=planted\n');
    place.folder('project/out');
    const { project } = place;
    place.configure({
      filesystem: {
        allowWrite: [join(project, 'out')],
        denyRead: [join(project, 'token.env')],
      },
    });
    place.servers({ files: packagedServer('server-filesystem', [project]) });
    session = await place.connect(way, 'files');
  });

  afterAll(async () => {
    await session?.close();
    place.remove();
  });

  test('initializes and lists its tools', async () => {
    expect(session.client.getServerVersion()?.name).toBe('secure-filesystem-server');
    const { tools } = await session.client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['read_text_file', 'write_file', 'move_file']));
    expect(names).toHaveLength(14);
  });

  test('reads a small file and lists a folder', async () => {
    const path = join(place.project, 'readme.md');
    expect(textOf(await session.call('read_text_file', { path }))).toBe('read me\n');
    const listed = textOf(await session.call('list_directory', { path: place.project }));
    expect(listed.split('\n')).toEqual(
      expect.arrayContaining(['[FILE] readme.md', '[FILE] token.env', '[DIR] out']),
    );
  });

  test('hands over 5 MB of text byte for byte', async () => {
    const text = largeText(5 * MEGABYTE);
    const path = place.file('project/large.txt', text);
    const result = await session.call('read_text_file', { path });
    expect(textOf(result) === text).toBe(true);
    expect(result.structuredContent?.content === text).toBe(true);
  });

  test('hands over 5 MB of binary byte for byte', async () => {
    const bytes = randomBytes(5 * MEGABYTE);
    const path = join(place.project, 'large.png');
    writeFileSync(path, bytes);
    const { content } = await session.call('read_media_file', { path });
    const [image] = content;
    expect(image?.type).toBe('image');
    const data = image?.type === 'image' ? Buffer.from(image.data, 'base64') : Buffer.alloc(0);
    expect(data.equals(bytes)).toBe(true);
  });

  test('takes 5 MB of text byte for byte, into the writable folder', async () => {
    const content = largeText(5 * MEGABYTE);
    const path = join(place.project, 'out', 'large.txt');
    const result = await session.call('write_file', { path, content });
    expect(textOf(result)).toBe(`Successfully wrote to ${path}`);
    expect(readFileSync(path, 'utf8') === content).toBe(true);
  });

  test('writes and renames in the writable folder', async () => {
    const source = join(place.project, 'out', 'first.txt');
    const destination = join(place.project, 'out', 'second.txt');
    await session.call('write_file', { path: source, content: 'one' });
    await session.call('write_file', { path: source, content: 'two' });
    await session.call('move_file', { source, destination });
    expect(readFileSync(destination, 'utf8')).toBe('two');
  });

  test('elsewhere a write fails with EROFS through srt, and only there', async () => {
    const path = join(place.project, 'new.txt');
    const result = await session.call('write_file', { path, content: 'new' });
    expect(result.isError ?? false).toBe(sandboxed);
    expect(textOf(result)).toBe(
      sandboxed ? `EROFS: read-only file system, open '${path}'` : `Successfully wrote to ${path}`,
    );
  });

  test('reading a denied file fails with EACCES through srt, and only there', async () => {
    const path = join(place.project, 'token.env');
    const result = await session.call('read_text_file', { path });
    expect(result.isError ?? false).toBe(sandboxed);
    expect(textOf(result)).toBe(
      sandboxed ? `EACCES: permission denied, open '${path}'` : 'TOKEN=planted\n',
    );
  });

  test('says nothing on standard error that the server did not say', () => {
    expect(session.stderr()).not.toMatch(/^srt:/m);
    expect(session.stderr()).toContain('Secure MCP Filesystem Server running on stdio');
  });
});
