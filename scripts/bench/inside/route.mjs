import { lookup } from 'node:dns/promises';

/** Where a client connects to reach 127.0.0.1:`port`, and the headers that this takes: straight
 * there outside the sandbox, the proxy that HTTP_PROXY names inside it. Its name is looked up
 * once, because look-ups are not what is measured. */
export async function routeTo(port, direct) {
  if (direct) return { host: '127.0.0.1', port, headers: [] };
  const proxy = new URL(process.env.HTTP_PROXY);
  const { address } = await lookup(proxy.hostname, { family: 4 });
  const userinfo = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const headers =
    userinfo === ':'
      ? []
      : [`Proxy-Authorization: Basic ${Buffer.from(userinfo).toString('base64')}`];
  return { host: address, port: Number(proxy.port), headers };
}
