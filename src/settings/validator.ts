import compiled from 'srt:compiled-validator';
import type { ErrorObject } from 'ajv';
import schema from './settings.schema.json' with { type: 'json' };

type Validator = ((value: unknown) => boolean) & { errors?: ErrorObject[] | null };

/** Compiled from settings.schema.json by scripts/bundle.mjs: compiling at run time would cost
 * more than starting the sandbox does. */
export const validateSchema = compiled as Validator;

interface SchemaNode {
  properties?: Record<string, SchemaNode>;
  items?: { $ref?: string };
  anyOf?: SchemaNode[];
}

/** What an entry of a list is where it is not a string. */
function entryOf({ items }: SchemaNode): SchemaNode | undefined {
  const definitions = schema.definitions as object as Record<string, SchemaNode>;
  const entry = definitions[items?.$ref?.split('/').at(-1) ?? ''];
  return entry?.anyOf?.find(({ properties }) => properties !== undefined);
}

/** The keys that the schema knows at a place of the settings, without `$schema`. */
export function knownKeys(path: readonly (string | number)[]): string[] {
  let node: SchemaNode | undefined = schema as SchemaNode;
  for (const segment of path) {
    node = typeof segment === 'number' ? node && entryOf(node) : node?.properties?.[segment];
  }
  return Object.keys(node?.properties ?? {}).filter((key) => key !== '$schema');
}
