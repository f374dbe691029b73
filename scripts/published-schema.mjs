// The schema as it is published for editors: with the protected names, of which the sources have
// one list. srt's own validator goes without, and says which name is the nearest.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from './root.mjs';

export const schemaFile = join(root, 'src/settings/settings.schema.json');

/** Without what is for people alone: each start reads it. */
export function bareSchema() {
  const text = readFileSync(schemaFile, 'utf8');
  const isWord = (name, value) => typeof value === 'string' && /^(description|title)$/.test(name);
  return JSON.parse(text, (name, value) => (isWord(name, value) ? undefined : value));
}

function protectedNames() {
  const { outputFiles } = buildSync({
    entryPoints: [join(root, 'src/policy/protected-names.ts')],
    bundle: true,
    write: false,
    format: 'cjs',
  });
  const module = { exports: {} };
  new Function('module', outputFiles[0].text)(module);
  return module.exports.PROTECTED_NAMES.map(({ name }) => name);
}

/** The text of dist/settings.schema.json. */
export function publishedSchema() {
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8'));
  schema.definitions.protectedName = { enum: protectedNames() };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
