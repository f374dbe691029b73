import { readFileSync } from 'node:fs';

/** One `key = value` of a file, with the section that it stands in. */
export interface ConfigurationEntry {
  section: string;
  key: string;
  /** Without quotes; the items of a list, else one. */
  values: string[];
}

/** The `key = value` lines that name registries, as npm, pip, uv, cargo and go write them: enough
 * of INI and TOML for a URL or a list of them. In pip's files an indented line goes on with the
 * one before, and a colon does for an equals sign. */
export function parseConfiguration(text: string, style: 'ini' | 'pip'): ConfigurationEntry[] {
  const separator = style === 'pip' ? /^([^=:]+?)\s*[=:]\s*(.*)$/ : /^([^=]+?)\s*=\s*(.*)$/;
  const entries: ConfigurationEntry[] = [];
  let section = '';
  let isOpen = false;
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim().replace(/(^|\s)[#;].*$/, '');
    const last = entries.at(-1);
    if (trimmed === '') continue;
    if (last && (isOpen || (style === 'pip' && /^\s/.test(line)))) {
      last.values.push(...itemsOf(trimmed));
      isOpen &&= !trimmed.includes(']');
      continue;
    }
    const header = /^\[+([^\]]*)\]+$/.exec(trimmed)?.[1];
    if (header !== undefined) section = header.trim();
    const [, key, value] = header === undefined ? (separator.exec(trimmed) ?? []) : [];
    if (key === undefined || value === undefined) continue;
    entries.push({ section, key, values: itemsOf(value) });
    isOpen = value.startsWith('[') && !value.includes(']');
  }
  return entries;
}

/** The items of a list, whether of TOML or separated by spaces. */
function itemsOf(value: string): string[] {
  return value.split(/[\s,"'[\]]+/).filter((item) => item !== '');
}

/** The text of a file, or nothing where there is none that can be read: then no client can. */
export function readConfiguration(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
