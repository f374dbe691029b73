import compiled from 'srt:compiled-validator';
import type { ErrorObject } from 'ajv';
import schema from './settings.schema.json' with { type: 'json' };

type Validator = ((value: unknown) => boolean) & { errors?: ErrorObject[] | null };

/** Compiled from settings.schema.json by scripts/bundle.mjs: compiling at run time would cost
 * more than starting the sandbox does. */
export const validateSchema = compiled as Validator;

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
}

/** The keys that the schema knows at a place of the settings, without `$schema`. */
export function knownKeys(path: readonly (string | number)[]): string[] {
  let node: SchemaNode | undefined = schema as SchemaNode;
  for (const segment of path) {
    if (typeof segment === 'number') return ['path', 'literal'];
    node = node?.properties?.[segment];
  }
  return Object.keys(node?.properties ?? {}).filter((key) => key !== '$schema');
}
