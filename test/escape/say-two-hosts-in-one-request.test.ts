/* Threat: the gate judges one name and the origin serves another: a Host header that differs from
 * the URI, a second request on a connection that was judged once, a CONNECT inside a CONNECT. */
import { type HttpServer, httpServer } from '../support/servers.ts';
import { type Scratch, scratch } from '../support/srt.ts';
import { BLOCKED, type Conversation, converse, verdict } from './support/gate-client.ts';

const KEEP = '\r\nconnection: keep-alive\r\n\r\n';
const CLOSE = '\r\nconnection: close\r\n\r\n';

let dir: Scratch;
let allowed: HttpServer;
let denied: HttpServer;
let options: string[];
beforeAll(async () => {
  dir = scratch();
  allowed = await httpServer('allowed');
  denied = await httpServer('denied');
  options = ['-s', dir.settings({ network: { allowedDomains: [`127.0.0.1:${allowed.port}`] } })];
});
afterAll(async () => {
  await allowed.close();
  await denied.close();
  dir.remove();
});
beforeEach(() => {
  allowed.requests.length = 0;
  denied.requests.length = 0;
});

const at = (server: HttpServer) => `127.0.0.1:${server.port}`;
const get = (server: HttpServer, path: string, host: string, end: string) =>
  `GET http://${at(server)}${path} HTTP/1.1\r\nhost: ${host}${end}`;

async function talk(conversation: Omit<Conversation, 'to'>): Promise<string> {
  const [answer = ''] = await converse([{ to: 'http', ...conversation }], options);
  return answer;
}

/** Every status line and body of an answer, in order. */
function parts(answer: string): string[] {
  return answer.match(/HTTP\/1\.1 \d{3}|reached [a-z]+/g) ?? [];
}

test('both servers are reached from outside: the control', async () => {
  const direct = (server: HttpServer): Conversation => ({
    to: server.port,
    send: `GET / HTTP/1.1\r\nhost: x${CLOSE}`,
  });
  const answers = await converse([direct(allowed), direct(denied)], null);
  expect(answers.map(verdict)).toEqual(['reached allowed', 'reached denied']);
});

describe('a Host header that differs from the URI', () => {
  test('does not make a denied host allowed', async () => {
    const answer = await talk({ send: get(denied, '/', at(allowed), CLOSE) });
    expect(verdict(answer)).toBe(BLOCKED);
    expect(denied.requests).toEqual([]);
  });

  test('does not reach the origin', async () => {
    const answer = await talk({ send: get(allowed, '/path?q=1', at(denied), CLOSE) });
    expect(verdict(answer)).toBe('reached allowed');
    expect(allowed.requests).toEqual([{ method: 'GET', url: '/path?q=1', host: at(allowed) }]);
  });

  test('nor does a second one', async () => {
    const twice = `${at(allowed)}\r\nhost: ${at(denied)}`;
    const answer = await talk({ send: get(allowed, '/', twice, CLOSE) });
    expect(['400', 'reached allowed']).toContain(verdict(answer));
    for (const request of allowed.requests) expect(request.host).toBe(at(allowed));
    expect(denied.requests).toEqual([]);
  });

  test('is not what a request without a host in its target goes by', async () => {
    const answer = await talk({ send: `GET / HTTP/1.1\r\nhost: ${at(allowed)}${CLOSE}` });
    expect(verdict(answer)).toBe('400');
    expect(allowed.requests).toEqual([]);
  });

  test('does not bend CONNECT', async () => {
    const answer = await talk({
      send: `CONNECT ${at(denied)} HTTP/1.1\r\nhost: ${at(allowed)}\r\n\r\n`,
    });
    expect(verdict(answer)).toBe(BLOCKED);
  });
});

describe('the second request of a connection', () => {
  test('is decided anew', async () => {
    const answer = await talk({
      send: get(allowed, '/1', 'x', KEEP),
      next: get(denied, '/2', 'x', CLOSE),
    });
    expect(parts(answer)).toEqual(['HTTP/1.1 200', 'reached allowed', 'HTTP/1.1 403']);
    expect(denied.requests).toEqual([]);
  });

  test('is decided anew when it came with the first', async () => {
    const send = get(allowed, '/1', 'x', KEEP) + get(denied, '/2', 'x', CLOSE);
    expect(parts(await talk({ send }))).toEqual([
      'HTTP/1.1 200',
      'reached allowed',
      'HTTP/1.1 403',
    ]);
    expect(denied.requests).toEqual([]);
  });

  test('reaches an allowed host: the control', async () => {
    const send = get(allowed, '/1', 'x', KEEP) + get(allowed, '/2', 'x', CLOSE);
    const once = ['HTTP/1.1 200', 'reached allowed'];
    expect(parts(await talk({ send }))).toEqual([...once, ...once]);
  });

  test('is not read after a refused CONNECT', async () => {
    const send = `CONNECT ${at(denied)} HTTP/1.1\r\n\r\n${get(allowed, '/', 'x', CLOSE)}`;
    expect(parts(await talk({ send }))).toEqual(['HTTP/1.1 403']);
    expect(allowed.requests).toEqual([]);
  });
});

describe('a request inside another', () => {
  test('is part of the body, not a request', async () => {
    const inner = get(denied, '/', 'x', CLOSE);
    const head = `POST http://${at(allowed)}/ HTTP/1.1\r\nhost: x\r\ncontent-length: ${inner.length}`;
    expect(verdict(await talk({ send: `${head}${CLOSE}${inner}` }))).toBe('reached allowed');
    expect(denied.requests).toEqual([]);
  });

  test('is not split off by two lengths of the body', async () => {
    const head = `POST http://${at(allowed)}/ HTTP/1.1\r\nhost: x\r\ncontent-length: 4`;
    const send = `${head}\r\ntransfer-encoding: chunked${KEEP}0\r\n\r\n${get(denied, '/', 'x', CLOSE)}`;
    const answer = await talk({ send });
    expect(answer).not.toContain('reached denied');
    expect(denied.requests).toEqual([]);
  });

  /* What comes through a tunnel is for its far end alone (cc #87381). */
  test('CONNECT through an allowed CONNECT does not come back to the gate', async () => {
    const inner = `CONNECT ${at(denied)} HTTP/1.1\r\nhost: x\r\n\r\n`;
    const answer = await talk({
      send: `CONNECT ${at(allowed)} HTTP/1.1\r\nhost: x\r\n\r\n${inner}`,
    });
    expect(parts(answer)[0]).toBe('HTTP/1.1 200');
    expect(denied.requests).toEqual([]);
  });
});
