import type { ErrorObject } from 'ajv';
import { SrtError } from '../errors.ts';
import { nearest } from './nearest.ts';
import type { ParsedText } from './parse.ts';
import type { Settings } from './settings.ts';
import { knownKeys, validateSchema } from './validator.ts';

/** Checks parsed text against the schema. Throws SRT_SETTINGS_INVALID naming the first problem
 * with its place, and for an unknown key the nearest one that exists. */
export function validateSettings(parsed: ParsedText): Settings {
  if (validateSchema(parsed.value)) return parsed.value as Settings;
  const error = mostUseful(validateSchema.errors ?? []);
  const path = toPath(error.instancePath, parsed.value);
  if (error.keyword === 'additionalProperties') {
    const key = String(error.params.additionalProperty);
    throw unknownKey(key, path, parsed.locateKey([...path, key]));
  }
  const name = path.length === 0 ? 'the settings' : path.join('.');
  const problem = `${name} ${inWords(error)}`;
  throw new SrtError('SRT_SETTINGS_INVALID', `${parsed.locate(path)}: ${problem}`);
}

function inWords({ keyword, params, message = 'is invalid' }: ErrorObject): string {
  if (keyword !== 'enum') return message;
  const { allowedValues } = params as { allowedValues: unknown[] };
  return `must be ${allowedValues.map((value) => JSON.stringify(value)).join(' or ')}`;
}

const PATH_SHAPE = 'must be a path: a string, or {"path": "...", "literal": true}';
const HOST_SHAPE = 'must be a host: a string, or {"host": "...", "reason": "..."}';

/** An entry that is neither of two shapes yields an error for each: the last sums them up, unless
 * the shape was right. */
function mostUseful(errors: readonly ErrorObject[]): ErrorObject {
  const about = (...keywords: string[]) => errors.find(({ keyword }) => keywords.includes(keyword));
  const size = about('minLength', 'maxLength');
  const best = about('additionalProperties') ?? size ?? about('anyOf') ?? errors[0];
  if (!best) throw new Error('the validator refused without an error');
  if (best.keyword !== 'anyOf') return best;
  return { ...best, message: best.schemaPath.includes('/domain/') ? HOST_SHAPE : PATH_SHAPE };
}

function unknownKey(key: string, path: readonly (string | number)[], place: string): SrtError {
  const known = knownKeys(path);
  const close = nearest(key, known);
  const hint = close ? `did you mean "${close}"?` : `known keys here: ${known.join(', ')}`;
  const inside = path.length === 0 ? '' : ` in ${path.join('.')}`;
  const message = `${place}: unknown key "${key}"${inside}; srt refuses what it would not enforce`;
  return new SrtError('SRT_SETTINGS_INVALID', message, { hint });
}

/** RFC 6901 pointer to segments, with numbers for places in arrays. */
function toPath(pointer: string, root: unknown): (string | number)[] {
  let value = root;
  return pointer
    .split('/')
    .slice(1)
    .map((escaped) => {
      const segment = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
      const key = Array.isArray(value) ? Number(segment) : segment;
      value = (value as Record<string | number, unknown>)[key];
      return key;
    });
}
