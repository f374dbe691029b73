import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import {
  CreateMessageRequestSchema,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import {
  packagedServer,
  type Session,
  testClient,
  textOf,
  WAYS,
  type Workplace,
  workplace,
} from '../support/mcp.ts';

/** A client that answers what this server asks its client for. */
function answeringClient() {
  const client = testClient({ sampling: {}, roots: {} });
  client.setRequestHandler(ListRootsRequestSchema, () => ({
    roots: [{ uri: 'file:///srt-test', name: 'a root' }],
  }));
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: 'assistant' as const,
    model: 'no-model',
    content: { type: 'text' as const, text: 'an answer' },
  }));
  return client;
}

describe.each(WAYS)('server-everything %s', (way) => {
  let place: Workplace;
  let session: Session;

  beforeAll(async () => {
    place = workplace();
    place.configure({});
    place.servers({ everything: packagedServer('server-everything') });
    session = await place.connect(way, 'everything', { client: answeringClient() });
  });

  afterAll(async () => {
    await session?.close();
    place.remove();
  });

  test('initializes and lists tools, prompts and resources', async () => {
    const { client } = session;
    expect(client.getServerVersion()?.name).toBe('mcp-servers/everything');
    expect(client.getInstructions()).toMatch(/\S/);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['echo', 'get-sum']));
    expect((await client.listPrompts()).prompts.length).toBeGreaterThan(0);
    expect((await client.listResources()).resources.length).toBeGreaterThan(0);
  });

  test('calls tools', async () => {
    expect(textOf(await session.call('echo', { message: 'é 漢 🧪\n' }))).toBe('Echo: é 漢 🧪\n');
    expect(textOf(await session.call('get-sum', { a: 2, b: 3 }))).toContain('5');
    const image = (await session.call('get-tiny-image')).content[1];
    const png = image?.type === 'image' ? Buffer.from(image.data, 'base64') : Buffer.alloc(0);
    expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  });

  test('answers 100 calls at once, each with its own answer', async () => {
    const messages = Array.from(
      { length: 100 },
      (_, index) => `${index} ${'x'.repeat(index * 20)}`,
    );
    const results = await Promise.all(messages.map((message) => session.call('echo', { message })));
    expect(results.map(textOf)).toEqual(messages.map((message) => `Echo: ${message}`));
  });

  test('hands over a large argument and a large result', async () => {
    const bytes = randomBytes(3 * 1024 * 1024);
    const data = `data:application/octet-stream;base64,${bytes.toString('base64')}`;
    const { content } = await session.call('gzip-file-as-resource', {
      name: 'large.gz',
      data,
      outputType: 'resource',
    });
    const [part] = content;
    const blob = part?.type === 'resource' && 'blob' in part.resource ? part.resource.blob : '';
    expect(gunzipSync(Buffer.from(blob, 'base64')).equals(bytes)).toBe(true);
  });

  test('reports progress while a call runs', async () => {
    const seen: number[] = [];
    const params = {
      name: 'trigger-long-running-operation',
      arguments: { duration: 0.4, steps: 4 },
    };
    await session.client.callTool(params, undefined, {
      onprogress: ({ progress }) => seen.push(progress),
    });
    /* The client forgets the handler on the result, and loses a last one that comes with it. */
    expect(seen.slice(0, 3)).toEqual([1, 2, 3]);
  });

  test('asks the client back', async () => {
    const roots = textOf(await session.call('get-roots-list'));
    expect(roots).toContain('file:///srt-test');
    const sampled = await session.call('trigger-sampling-request', { prompt: 'p', maxTokens: 9 });
    expect(JSON.stringify(sampled.content)).toContain('an answer');
  });

  test('has the environment that the client gives, and srt’s own through srt', async () => {
    const environment = JSON.parse(textOf(await session.call('get-env')));
    expect(environment.HOME).toBe(place.home);
    expect(environment.SANDBOX_RUNTIME).toBe(way === 'through srt' ? '1' : undefined);
    expect(environment.HTTP_PROXY).toBe(
      way === 'through srt' ? 'http://127.0.0.1:3128' : undefined,
    );
  });
});
