import { packagedServer, type Session, WAYS, type Workplace, workplace } from '../support/mcp.ts';
import { descendants, stillAlive } from '../support/processes.ts';

const SERVERS = ['files', 'everything', 'memory'];

/* srt, bubblewrap, srt-init and the server. */
const WITH_SRT = 4;

/** The process that the client started, and all below it. */
function tree({ pid }: Session): number[] {
  return [pid, ...descendants(pid)];
}

describe.each(WAYS)('shutdown %s', (way) => {
  let place: Workplace;

  beforeAll(() => {
    place = workplace();
    place.configure({});
    place.servers({
      files: packagedServer('server-filesystem', [place.project]),
      everything: packagedServer('server-everything'),
      memory: packagedServer('server-memory'),
    });
  });
  afterAll(() => place.remove());

  test.each(SERVERS)('%s ends when its standard input is closed', async (server) => {
    const session = await place.connect(way, server);
    await session.client.listTools();
    const processes = tree(session);
    expect(processes.length).toBe(way === 'through srt' ? WITH_SRT : 1);
    /* Not 143: the client sends SIGTERM when two seconds of closed input changed nothing. */
    expect(await session.close()).toEqual({ code: 0, signal: null });
    expect(await stillAlive(processes)).toEqual([]);
  });

  test('a server that is busy gets the SIGTERM that follows', async () => {
    const session = await place.connect(way, 'everything');
    const call = session.call('trigger-long-running-operation', { duration: 60, steps: 1 });
    call.catch(() => {});
    await session.call('echo', { message: 'the long call has begun' });
    const processes = tree(session);
    expect(await session.close()).toEqual(
      way === 'through srt' ? { code: 143, signal: null } : { code: null, signal: 'SIGTERM' },
    );
    await expect(call).rejects.toThrow('Connection closed');
    expect(await stillAlive(processes)).toEqual([]);
  });

  test('the server does not outlive the process that the client started', async () => {
    const session = await place.connect(way, 'files');
    const processes = tree(session);
    process.kill(session.pid, 'SIGKILL');
    expect(await session.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await stillAlive(processes)).toEqual([]);
    await session.close();
  });
});
