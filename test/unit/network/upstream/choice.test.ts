import { existsBehindProxy } from '../../../../src/network/upstream/choice.ts';
import { parseUpstream } from '../../../../src/policy/upstream.ts';
import { networkPolicy } from '../../rules.ts';

/** Which names the host's resolver is asked for. */
async function askedFor(texts: Parameters<typeof parseUpstream>[0]): Promise<string[]> {
  const asked: string[] = [];
  const upstream = parseUpstream(texts);
  if (upstream && 'problem' in upstream) throw new Error(upstream.problem);
  const exists = existsBehindProxy({ ...networkPolicy(), upstream }, async (name) => {
    asked.push(name);
    return [];
  });
  for (const name of ['example.com', 'a.example.org', 'localhost']) {
    const found = await exists(name);
    expect(found.length > 0).toBe(!asked.includes(name));
  }
  return asked;
}

test.each<[Parameters<typeof parseUpstream>[0], string[]]>([
  [{}, ['example.com', 'a.example.org', 'localhost']],
  [{ all: 'http://proxy.example.com' }, ['localhost']],
  [{ https: 'http://proxy.example.com' }, ['localhost']],
  [{ all: 'http://proxy.example.com', noProxy: 'example.org' }, ['a.example.org', 'localhost']],
  [{ all: 'http://p', noProxy: '*' }, ['example.com', 'a.example.org', 'localhost']],
])('with %j the host is asked whether these exist: %j', async (texts, names) => {
  expect(await askedFor(texts)).toEqual(names);
});
