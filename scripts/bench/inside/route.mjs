import { lookup } from 'node:dns/promises';

/** Where a client connects to reach `host`:`port`, and the headers that this takes: straight there
 * outside the sandbox or where its gate is transparent, else the proxy that HTTP_PROXY names. Its
 * name is looked up once, because look-ups are not what is measured. */
export async function routeTo(port, direct, host = '127.0.0.1') {
  if (direct) return { host, port, headers: [] };
  const proxy = new URL(process.env.HTTP_PROXY);
  const { address } = await lookup(proxy.hostname, { family: 4 });
  const userinfo = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const headers =
    userinfo === ':'
      ? []
      : [`Proxy-Authorization: Basic ${Buffer.from(userinfo).toString('base64')}`];
  return { host: address, port: Number(proxy.port), headers };
}
