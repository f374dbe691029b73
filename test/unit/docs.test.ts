import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CREDENTIAL_STORES, MAC_CREDENTIAL_STORES } from '../../src/policy/credential-stores.ts';
import {
  CLEAN_BASE,
  CLEAN_PATTERNS,
  GROUPS,
  LOADERS,
  OUT_OF_REACH,
  OUT_OF_REACH_BY_VALUE,
  OUT_OF_REACH_PATTERNS,
  OWN_VARIABLES,
  UNIX_SOCKET,
} from '../../src/policy/environment-rules.ts';
import { LEFT_OPEN, MOVED_FOLDER, OUTWARD_LINK } from '../../src/policy/handed-over-names.ts';
import { CACHE_VARIABLES } from '../../src/policy/private-caches.ts';
import type { ProtectedName } from '../../src/policy/protected-name.ts';
import { PROTECTED_NAMES } from '../../src/policy/protected-names.ts';
import { loadText } from '../../src/settings/load.ts';
import schema from '../../src/settings/settings.schema.json' with { type: 'json' };
import { toPolicy } from '../../src/settings/to-policy.ts';

const read = (path: string) => readFileSync(join(__dirname, '..', '..', path), 'utf8');

const matches = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, first = '']) => first);

describe('docs/errors.md', () => {
  const source = read('src/errors.ts');
  const union = /type SrtErrorCode =([^;]*);/.exec(source)?.[1] ?? '';
  const codes = matches(union, /'(SRT_[A-Z_]+)'/g);
  const text = read('docs/errors.md');

  test('has a heading for each code of src/errors.ts, in its order, and no other', () => {
    expect(codes.length).toBeGreaterThan(10);
    expect(matches(text, /^## (.*)$/gm)).toEqual(codes);
  });

  test.each(codes)('%s says something', (code) => {
    const section = text.split(`## ${code}\n`)[1]?.split('\n## ')[0] ?? '';
    expect(section.trim().length).toBeGreaterThan(60);
  });
});

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
}

/** "network.allowedDomains" and so on: the keys that hold no further keys. */
function keysOf(node: SchemaNode, above: readonly string[] = []): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, inner]) =>
    inner.properties ? keysOf(inner, [...above, name]) : [[...above, name].join('.')],
  );
}

function protectedNameRow({ name, within, reason, ...patterns }: ProtectedName): string {
  const { paths, files = [], except = [] } = patterns;
  const show = (path: string) => `\`${within === 'home' ? '~/' : ''}${path}\``;
  const what = [...paths.map(show), ...files.map((path) => `${show(path)} that is no folder`)];
  const not = except.length > 0 ? `; not ${except.map(show).join(', ')}` : '';
  return `| \`${name}\` | ${what.join(', ')}${not} | ${reason} |`;
}

describe('docs/settings.md', () => {
  const text = read('docs/settings.md');

  test('has a heading for each key of the schema, in its order, and no other', () => {
    const headings = matches(text, /^### (.*)$/gm).flatMap((line) => matches(line, /`([^`]+)`/g));
    const { path, domain } = schema.definitions;
    const entries = [path, domain].flatMap(({ anyOf }) => Object.keys(anyOf[1]?.properties ?? {}));
    expect(headings).toEqual([...keysOf(schema as object as SchemaNode), ...entries]);
  });

  test('lists the credential stores that srt denies, and what each holds', () => {
    const table = text.split('## Credential stores')[1]?.split('\n## ')[0] ?? '';
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    const stores = [...CREDENTIAL_STORES, ...MAC_CREDENTIAL_STORES];
    expect(rows).toEqual(stores.map(([path, holds]) => `| \`~/${path}\` | ${holds} |`));
  });

  test('lists the protected names, with what each is and why', () => {
    const section = text.split('\n## Protected names')[1]?.split('\n## ')[0] ?? '';
    const [byDefault = '', optional = ''] = section.split('only where `protect.on` names them');
    const rows = (part: string) => part.split('\n').filter((line) => line.startsWith('| `'));
    const isOptional = (entry: ProtectedName) => entry.optional === true;
    expect(rows(byDefault)).toEqual(
      PROTECTED_NAMES.filter((entry) => !isOptional(entry)).map(protectedNameRow),
    );
    expect(rows(optional)).toEqual(PROTECTED_NAMES.filter(isOptional).map(protectedNameRow));
  });

  test('lists the variables that srt withholds, and why', () => {
    const section = text.split('## Withheld variables')[1]?.split('\n## ')[0] ?? '';
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    const byValue = OUT_OF_REACH_BY_VALUE.map(
      ([name, why]) => [`${name}=${UNIX_SOCKET}*`, why] as const,
    );
    const expected = [...OUT_OF_REACH, ...OUT_OF_REACH_PATTERNS, ...byValue, ...LOADERS].map(
      ([name, why]) => `| \`${name}\` | ${why} |`,
    );
    expect(rows).toEqual(expected);
  });

  test('lists the variables of private caches, their folders, and whose they are', () => {
    const section = text.split('\n## Private caches')[1]?.split('\n## ')[0] ?? '';
    const rows = section.split('\n').filter((line) => line.startsWith('| `'));
    expect(rows).toEqual(
      CACHE_VARIABLES.map(([name, folder, of]) => `| \`${name}\` | \`${folder}\` | ${of} |`),
    );
  });

  test.each([
    ['The base list is', [...CLEAN_BASE, ...CLEAN_PATTERNS]],
    ['`@secrets` is the names', GROUPS['@secrets']],
    ['srt sets these in every sandbox', OWN_VARIABLES],
  ])('%s: as in the sources', (words, names) => {
    const sentence = text.slice(text.indexOf(words)).split(/\.\s/)[0] ?? '';
    const listed = matches(sentence, /`([^`]+)`/g).filter((name) => !name.startsWith('@'));
    expect(listed).toEqual(names);
  });

  test('has examples that srt accepts', () => {
    const examples = matches(text, /^```jsonc\n([\s\S]*?)^```$/gm);
    expect(examples.length).toBeGreaterThan(5);
    for (const example of examples) {
      const context = { home: '/home/me', cwd: '/home/me/project', protect: [] };
      expect(() => toPolicy(loadText(example, 'settings.md'), context)).not.toThrow();
    }
  });
});

describe('docs/report.md', () => {
  test('lists the names that are told, and why', () => {
    const rows = read('docs/report.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const show = (paths: readonly string[]) => paths.map((path) => `\`${path}\``).join(', ');
    const named = LEFT_OPEN.map(({ name, files = [], except = [], reason }) => {
      const not = except.length > 0 ? `; not ${show(except)}` : '';
      return `| \`${name}\` | ${show(files)}${not} | ${reason} |`;
    });
    const unnamed = [OUTWARD_LINK, MOVED_FOLDER];
    expect(rows).toEqual([
      ...named,
      ...unnamed.map(({ name, reason }) => `| \`${name}\` | ${reason} |`),
    ]);
  });
});

/** Reserved for documentation (RFC 2606), and the one that a store is named after. */
const HOSTS = /(^|\.)example\.(com|org|net)$|^crates\.io$/;

test.each([
  'docs/errors.md',
  'docs/network.md',
  'docs/report.md',
  'docs/settings.md',
])('%s names no host but reserved ones, and no folder of a machine', (file) => {
  const text = read(file);
  const hosts = matches(text, /\b((?:[a-z0-9-]+\.)+(?:com|org|net|io|dev))\b/g);
  expect(hosts.filter((host) => !HOSTS.test(host))).toEqual([]);
  expect(matches(text, /((?<![\w~.])\/(?:home|root|work|Users)\/[\w/]*)/g)).toEqual([]);
});
