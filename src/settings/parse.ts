import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import { SrtError } from '../errors.ts';
import type { SettingPath } from './settings.ts';

export interface ParsedText {
  value: unknown;
  locate(path: SettingPath): string;
  /** Position of the key rather than of its value. */
  locateKey(path: SettingPath): string;
}

/* The parser recurses: more levels than any settings have, and far fewer than a stack holds. */
const MAX_DEPTH = 32;

/** Names places of the text. The lines are found once: a list may have ten thousand entries. */
function positionsIn(text: string, file: string): (offset: number) => string {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return `${file}:${low + 1}:${offset - (starts[low] ?? 0) + 1}`;
  };
}

/** Parses JSON with comments and trailing commas. Throws SRT_SETTINGS_INVALID with
 * file:line:column for a syntax error, a repeated key, or absurd nesting. */
export function parseText(text: string, file: string): ParsedText {
  const at = positionsIn(text, file);
  if (text.trim() === '') {
    throw new SrtError('SRT_SETTINGS_INVALID', `${at(0)}: the settings file is empty`, {
      hint: 'write at least {} for no network and no writes',
    });
  }
  refuseDeepNesting(text, at);
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) {
    const problem = printParseErrorCode(first.error).replace(/([a-z])([A-Z])/g, '$1 $2');
    throw new SrtError('SRT_SETTINGS_INVALID', `${at(first.offset)}: ${problem.toLowerCase()}`);
  }
  if (!root) throw new SrtError('SRT_SETTINGS_INVALID', `${at(0)}: no JSON value`);
  refuseRepeatedKeys(root, at);
  const nodeAt = (path: SettingPath) => findNodeAtLocation(root, [...path]);
  return {
    value: getNodeValue(root),
    locate: (path) => at(nodeAt(path)?.offset ?? root.offset),
    locateKey: (path) => at(nodeAt(path)?.parent?.offset ?? root.offset),
  };
}

function refuseDeepNesting(text: string, at: (offset: number) => string): void {
  if ((text.match(/[[{]/g)?.length ?? 0) <= MAX_DEPTH) return;
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token = scanner.scan(); scanner.getTokenLength() > 0; token = scanner.scan()) {
    const opens = token === 1 || token === 3;
    const closes = token === 2 || token === 4;
    depth += opens ? 1 : closes ? -1 : 0;
    if (depth <= MAX_DEPTH) continue;
    const place = at(scanner.getTokenOffset());
    throw new SrtError('SRT_SETTINGS_INVALID', `${place}: nested more than ${MAX_DEPTH} levels`);
  }
}

/** JSON leaves open which of two equal keys counts (RFC 8259 4); for a policy that is no answer. */
function refuseRepeatedKeys(node: Node, at: (offset: number) => string): void {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    if (node.type === 'object') {
      const key = child.children?.[0];
      if (key && seen.has(key.value)) {
        const place = at(key.offset);
        throw new SrtError('SRT_SETTINGS_INVALID', `${place}: the key "${key.value}" is repeated`);
      }
      seen.add(key?.value);
    }
    refuseRepeatedKeys(child, at);
  }
}
