import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { ask, listen } from './loopback.ts';

export interface Origin {
  port: number;
  /** Every request that arrived, with its body. */
  seen: { request: IncomingMessage; body: string }[];
  close(): void;
}

/** Answers each request with its method and path. */
export async function startOrigin(): Promise<Origin> {
  const seen: Origin['seen'] = [];
  const server = createServer(async (request, response) => {
    seen.push({ request, body: await text(request) });
    response.setHeader('x-origin', 'yes');
    response.end(`${request.method} ${request.url}`);
  });
  const port = await listen(server);
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port, seen, close };
}

/** One request to a proxy, whose connection ends with the answer. */
export function send(
  proxy: number,
  line: string,
  headers: readonly string[] = [],
  body = '',
): Promise<string> {
  const head = [`${line} HTTP/1.1`, 'host: other.example', 'connection: close', ...headers];
  return ask(proxy, [...head, '', body].join('\r\n'));
}

export function status(answer: string): string | undefined {
  return /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1];
}
