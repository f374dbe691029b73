import {
  createHostsReader,
  createResolver,
  resolveAbsolute,
} from '../../../src/network/resolver.ts';
import { type Temporary, temporary } from '../temporary.ts';

let dir: Temporary;
beforeEach(() => {
  dir = temporary();
});
afterEach(() => dir.remove());

const HOSTS = '127.0.0.1 localhost\n192.0.2.7\tListed.Example.com alias # other.example.com\n';

/* With a search list of "evil.example", glibc would go on with example.com.evil.example. */
test.each([
  ['example.com', 'example.com.'],
  ['other.example.com', 'other.example.com.'],
  ['localhost', 'localhost'],
  ['intranet', 'intranet'],
  ['alias', 'alias'],
  ['listed.example.com', 'listed.example.com'],
])('%s is asked for as %s, once', async (name, question) => {
  const asked: string[] = [];
  const resolve = createResolver(
    async (text) => {
      asked.push(text);
      throw new Error('ENOTFOUND');
    },
    createHostsReader(dir.file('hosts', HOSTS)),
  );
  await expect(resolve(name)).rejects.toThrow('ENOTFOUND');
  expect(asked).toEqual([question]);
});

test.each([
  ['', []],
  ['# 192.0.2.1 a.example\n\n', []],
  ['192.0.2.1', []],
  [' 192.0.2.1\ta.example  B.example#c.example\r\n::1 d', ['a.example', 'b.example', 'd']],
])('the names of %j', async (text, names) => {
  expect([...(await createHostsReader(dir.file('hosts', text))())]).toEqual(names);
});

test('a hosts file that is not there has none, and one that changes is read again', async () => {
  const read = createHostsReader(`${dir.path}/hosts`);
  expect([...(await read())]).toEqual([]);
  dir.file('hosts', '192.0.2.1 a.example');
  expect([...(await read())]).toEqual(['a.example']);
  dir.file('hosts', '192.0.2.1 longer.example');
  expect([...(await read())]).toEqual(['longer.example']);
});

test('this machine knows itself: the real resolver', async () => {
  expect(await resolveAbsolute('localhost')).toContainEqual(expect.stringMatching(/^(127\.|::1$)/));
});
