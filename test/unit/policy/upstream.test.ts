import { inspect } from 'node:util';
import { parseHost } from '../../../src/policy/host-name.ts';
import { describeProxy, parseProxyUrl } from '../../../src/policy/proxy-url.ts';
import {
  chooseUpstream,
  type ProxyTexts,
  parseUpstream,
  proxyVariables,
  type Upstream,
} from '../../../src/policy/upstream.ts';

function parsed(texts: ProxyTexts): Upstream | null {
  const upstream = parseUpstream(texts);
  if (upstream && 'problem' in upstream) throw new Error(`${upstream.key} ${upstream.problem}`);
  return upstream;
}

describe('the URL of a proxy', () => {
  test.each<[string, string, [string, string] | null]>([
    ['http://proxy.example.com:8080', 'http://proxy.example.com:8080', null],
    ['HTTP://Proxy.Example.com./', 'http://proxy.example.com:80', null],
    ['https://proxy.example.com', 'https://proxy.example.com:443', null],
    ['proxy.example.com:3128', 'http://proxy.example.com:3128', null],
    ['proxy', 'http://proxy:80', null],
    ['socks://192.0.2.1', 'socks5://192.0.2.1:1080', null],
    ['socks5h://[2001:db8::1]:1', 'socks5://[2001:db8::1]:1', null],
    ['socks4a://proxy.example.com', 'socks4://proxy.example.com:1080', null],
    [' http://proxy.example.com ', 'http://proxy.example.com:80', null],
    ['http://me@proxy.example.com', 'http://proxy.example.com:80', ['me', '']],
    ['http://:word@proxy.example.com', 'http://proxy.example.com:80', ['', 'word']],
    ['me:word@proxy.example.com:1', 'http://proxy.example.com:1', ['me', 'word']],
    ['http://m%40e:w%3Ao%25@proxy.example.com', 'http://proxy.example.com:80', ['m@e', 'w:o%']],
    ['http://me:w@o/r?d#:@proxy.example.com', 'http://proxy.example.com:80', ['me', 'w@o/r?d#:']],
    ['http://me:%C3%A9@proxy.example.com', 'http://proxy.example.com:80', ['me', 'é']],
  ])('%s', (typed, shown, credentials) => {
    const proxy = parseProxyUrl(typed);
    if ('problem' in proxy) throw new Error(proxy.problem);
    expect(describeProxy(proxy)).toBe(shown);
    const found = proxy.credentials();
    expect(found && [found.user, found.password]).toEqual(credentials);
  });

  test.each([
    ['', 'is not the URL of a proxy'],
    ['http://', 'is not the URL of a proxy'],
    ['http://proxy.example.com/secret', 'is not the URL of a proxy'],
    ['http://proxy.example.com?secret', 'is not the URL of a proxy'],
    ['quic://u:secret@proxy.example.com', 'has a scheme other than'],
    ['http://u:secret@pro xy', 'has no host name'],
    ['http://u:secret@999.1.1.1', 'has no host name'],
    ['http://u:secret@proxy.example.com:0', 'has a port outside'],
    ['http://u:secret@proxy.example.com:65536', 'has a port outside'],
    ['http://u:secret%@proxy.example.com', 'has a % in its user or password'],
    ['http://u:secret%00@proxy.example.com', 'has a NUL byte'],
    ['http://u%3Av:secret@proxy.example.com', 'has a colon in its user'],
    [`socks5://u:secret${'x'.repeat(255)}@proxy.example.com`, 'more than 255 bytes'],
  ])('%s is refused, and what may be a password is not quoted', (typed, problem) => {
    const proxy = parseProxyUrl(typed);
    if (!('problem' in proxy)) throw new Error('accepted');
    expect(proxy.problem).toContain(problem);
    expect(proxy.problem).not.toContain('secret');
  });

  test('with a password is no way to it for who prints a policy', () => {
    const upstream = parsed({ all: 'http://me:secret@proxy.example.com' });
    expect(upstream?.http?.credentials()?.password).toBe('secret');
    expect(JSON.stringify(upstream) + inspect(upstream, { depth: 9 })).not.toContain('secret');
  });
});

describe('the variables', () => {
  test.each<[Record<string, string>, ProxyTexts]>([
    [{}, {}],
    [{ HTTP_PROXY: 'a', HTTPS_PROXY: 'b', ALL_PROXY: 'c', NO_PROXY: 'd' }, all('a', 'b', 'c', 'd')],
    [{ http_proxy: 'a', https_proxy: 'b', all_proxy: 'c', no_proxy: 'd' }, all('a', 'b', 'c', 'd')],
    [{ http_proxy: 'a', HTTP_PROXY: 'b' }, { http: 'a' }],
    [{ http_proxy: '', HTTP_PROXY: 'b' }, { http: 'b' }],
    [{ http_proxy: '', HTTPS_PROXY: '' }, {}],
    /* httpoxy: a client of a CGI program can set HTTP_PROXY, and that alone. */
    [{ REQUEST_METHOD: 'GET', HTTP_PROXY: 'a' }, {}],
    [{ REQUEST_METHOD: 'GET', HTTP_PROXY: 'a', http_proxy: 'b' }, { http: 'b' }],
    [{ REQUEST_METHOD: 'GET', HTTPS_PROXY: 'a' }, { https: 'a' }],
    [{ Http_Proxy: 'a', PROXY: 'b', FTP_PROXY: 'c' }, {}],
  ])('%j', (environment, texts) => {
    expect(proxyVariables(environment).texts).toEqual(texts);
  });

  function all(http: string, https: string, rest: string, noProxy: string): ProxyTexts {
    return { http, https, all: rest, noProxy };
  }
});

describe('which proxy', () => {
  const [http, https, socks] = [
    'http://h.example.com:1',
    'https://s.example.com:2',
    'socks5://a:3',
  ];
  const which = (texts: ProxyTexts, to: string, port: number, options = {}): string | null => {
    const host = parseHost(to);
    if (!host) throw new Error(to);
    const proxy = chooseUpstream(parsed(texts), host, port, options);
    return proxy && describeProxy(proxy);
  };

  test.each<[ProxyTexts, string | null, string | null]>([
    [{}, null, null],
    [{ noProxy: 'example.com' }, null, null],
    [{ http, https }, http, https],
    [{ http }, http, http],
    [{ https }, null, https],
    [{ all: socks }, socks, socks],
    [{ http, all: socks }, http, socks],
    [{ https, all: socks }, socks, https],
    [{ http: '', all: socks }, null, socks],
    [{ https: '', http }, http, null],
    [{ http: '', https: '' }, null, null],
  ])('%j', (texts, plain, other) => {
    expect(which(texts, 'example.com', 80)).toBe(plain);
    expect(which(texts, 'example.com', 8080, { plain: true })).toBe(plain);
    expect(which(texts, 'example.com', 443)).toBe(other);
    expect(which(texts, 'example.com', 22)).toBe(other);
    expect(which(texts, '192.0.2.1', 443)).toBe(other);
  });

  test.each([
    ...['localhost', 'app.localhost', '127.0.0.1', '127.9.9.9', '::1', '0.0.0.0', '::'],
    ...['169.254.169.254', 'fe80::1', '192.0.2.77', 'this-host'],
  ])('%s is this machine, and never goes through one', (host) => {
    const own = ['192.0.2.77', 'this-host'];
    expect(which({ all: http }, host, 80, { own })).toBeNull();
    expect(which({ all: http }, '192.0.2.78', 80, { own })).toBe(http);
  });

  test.each<[string, string[], string[]]>([
    ['*', ['example.com', '192.0.2.1', '2001:db8::1'], []],
    ['example.com', ['example.com', 'EXAMPLE.com.', 'a.b.example.com'], ['badexample.com', 'com']],
    ['.example.com', ['example.com', 'a.example.com'], ['badexample.com']],
    ['*.example.com', ['example.com', 'a.example.com'], ['badexample.com']],
    ['Example.COM.', ['example.com'], ['example.org']],
    ['example.com:443', ['example.com', 'a.example.com'], ['example.com:80']],
    ['example.com:80', ['example.com:80'], ['example.com']],
    ['com', ['example.com'], ['example.org']],
    ['192.0.2.1', ['192.0.2.1', '::ffff:192.0.2.1'], ['192.0.2.10', '1.192.0.2']],
    ['192.0.2.1:443', ['192.0.2.1'], ['192.0.2.1:80']],
    ['192.0.2.0/24', ['192.0.2.1', '192.0.2.255'], ['192.0.3.1', 'example.com']],
    ['2001:db8::1', ['2001:db8::1', '2001:DB8:0::1'], ['2001:db8::2']],
    ['[2001:db8::1]:443', ['2001:db8::1'], ['2001:db8::1:80']],
    ['2001:db8::/32', ['2001:db8:1::1'], ['2001:db9::1', '192.0.2.1']],
    [' a.example.com ,\tb.example.com,,', ['a.example.com', 'b.example.com'], ['c.example.com']],
    ['a.example.com b.example.com', ['a.example.com', 'b.example.com'], ['c.example.com']],
    ['<local>,1.2.3.4/99,b.example.com', ['b.example.com'], ['1.2.3.4', 'local']],
    ['', [], ['example.com']],
  ])('noProxy %j', (noProxy, direct, through) => {
    const ask = (to: string) => {
      const [, host = to, port = '443'] = /^([^:]+|\[.*\]):(\d+)$/.exec(to) ?? [];
      return which({ all: http, noProxy }, host, Number(port));
    };
    for (const to of direct) expect([to, ask(to)]).toEqual([to, null]);
    for (const to of through) expect([to, ask(to)]).toEqual([to, http]);
  });
});
