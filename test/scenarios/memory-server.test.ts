import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  packagedServer,
  type Session,
  textOf,
  WAYS,
  type Way,
  type Workplace,
  workplace,
} from '../support/mcp.ts';

const ENTITY = { name: 'srt', entityType: 'program', observations: ['runs a command', 'é 漢 🧪'] };
const RELATION = { from: 'srt', to: 'srt', relationType: 'knows' };

describe.each(WAYS)('server-memory %s', (way) => {
  let place: Workplace;

  beforeEach(() => {
    place = workplace();
    place.configure({ filesystem: { allowWrite: [place.folder('project/memory')] } });
  });
  afterEach(() => place.remove());

  function keepIn(file: string): void {
    place.servers({
      memory: { ...packagedServer('server-memory'), env: { MEMORY_FILE_PATH: file } },
    });
  }

  test('remembers from one run to the next in the writable folder', async () => {
    keepIn(join(place.project, 'memory', 'memory.jsonl'));
    await inSession(place, way, async (session) => {
      const { tools } = await session.client.listTools();
      expect(tools.map(({ name }) => name)).toContain('create_entities');
      await session.call('create_entities', { entities: [ENTITY] });
      await session.call('create_relations', { relations: [RELATION] });
    });
    await inSession(place, way, async (session) => {
      const graph = JSON.parse(textOf(await session.call('read_graph')));
      expect(graph).toEqual({ entities: [ENTITY], relations: [RELATION] });
    });
  });

  test('elsewhere its writes fail with EROFS through srt, and only there', async () => {
    const file = join(place.project, 'memory.jsonl');
    keepIn(file);
    await inSession(place, way, async (session) => {
      const result = await session.call('create_entities', { entities: [ENTITY] });
      const sandboxed = way === 'through srt';
      expect(result.isError ?? false).toBe(sandboxed);
      /* It writes a temporary file beside it first, whose name goes on after this. */
      const refused = `EROFS: read-only file system, open '${file}`;
      if (sandboxed) expect(textOf(result).slice(0, refused.length)).toBe(refused);
      expect(existsSync(file)).toBe(!sandboxed);
    });
  });
});

async function inSession(
  place: Workplace,
  way: Way,
  act: (session: Session) => Promise<void>,
): Promise<void> {
  const session = await place.connect(way, 'memory');
  try {
    await act(session);
  } finally {
    expect(await session.close()).toEqual({ code: 0, signal: null });
  }
}
