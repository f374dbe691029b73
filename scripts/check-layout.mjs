// npm run check: the layout of the sources as docs/architecture.md describes it, as a check. Prints
// every violation, and exits with 1 if there is one. Takes another root as its argument.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from './root.mjs';

/** What each part of src may import: "x" all of it, "type x" its types alone. */
const IMPORTS = {
  errors: [],
  boundary: [],
  policy: ['errors'],
  events: ['errors', 'policy'],
  settings: ['errors', 'policy'],
  host: ['errors', 'policy'],
  compile: ['errors', 'boundary', 'policy', 'host'],
  network: ['errors', 'boundary', 'events', 'policy'],
  observe: ['errors', 'events', 'policy'],
  supervisor: ['errors', 'boundary', 'events', 'policy', 'type host', 'compile'],
  /* The two halves of sandbox: what is done on Linux, and what on macOS. */
  bubblewrap: ['errors', 'events', 'policy', 'host', 'compile', 'network', 'supervisor'],
  seatbelt: ['errors', 'events', 'policy', 'host', 'compile', 'network', 'supervisor'],
  sandbox: [
    ...['errors', 'events', 'policy', 'settings', 'host'],
    ...['compile', 'network', 'observe', 'supervisor', 'bubblewrap', 'seatbelt'],
  ],
  index: [
    ...['errors', 'events', 'policy', 'settings', 'host'],
    ...['compile', 'network', 'observe', 'supervisor', 'sandbox'],
  ],
  /* Programs of their own, which run inside of a sandbox. */
  inside: [],
  cli: [
    ...['errors', 'events', 'type policy', 'settings', 'host'],
    ...['type compile', 'observe', 'sandbox'],
  ],
};

/** Modules that only these files, or folders, may import. */
const MODULES = {
  yargs: ['cli/args.ts', 'cli/help.ts'],
  'yargs-parser': ['cli/args.ts', 'cli/help.ts'],
  'jsonc-parser': ['settings/'],
  ajv: ['settings/'],
  'http-proxy': ['network/'],
  socks: ['network/'],
  // Its types tell nobody how to start a process.
  'node:child_process': [
    ...['supervisor/', 'host/bubblewrap.ts', 'host/npm-client.ts', 'host/mac/user-temporary.ts'],
    'type ',
  ],
};

const MAX_LINES = 250;

const SOURCES = [
  ['src', /\.ts$/],
  ['native', /\.[ch]$/],
  ['scripts', /\.mjs$/],
];

/** Files below a folder, by their path from it, with slashes. */
function filesIn(folder, pattern) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => pattern.test(name))
    .sort();
}

const STATIC = /^(?:import|export)\s+(type\s)?([^'"`;()]*?\bfrom\s*)?(['"])([^'"]+)\3/gm;
const DYNAMIC = /(\btypeof\s+)?\bimport\(\s*(['"])([^'"]+)\2/g;

/** What a source imports: the specifier, and whether only types of it. */
function importsOf(text) {
  const named = (clause) => /^\s*\{([^}]*)\}\s*from\s*$/.exec(clause ?? '')?.[1].split(',') ?? [''];
  const types = (clause) =>
    named(clause)
      .filter((name, at) => at === 0 || name.trim() !== '')
      .every((name) => /^\s*type\s/.test(name));
  return [
    ...[...text.matchAll(STATIC)].map(([, type, clause, , specifier]) => ({
      specifier,
      typeOnly: type !== undefined || types(clause),
    })),
    ...[...text.matchAll(DYNAMIC)].map(([, type, , specifier]) => ({
      specifier,
      typeOnly: type !== undefined,
    })),
  ];
}

/** "cli/args.ts" is part of "cli", "errors.ts" is "errors". */
function partOf(file) {
  return file.split('/')[0].replace(/\.ts$/, '');
}

function checkModule(file, specifier, typeOnly) {
  const name = specifier.startsWith('@')
    ? specifier.split('/', 2).join('/')
    : specifier.replace(/^child_process$/, 'node:$&').split('/')[0];
  const places = MODULES[name];
  if (!places || (typeOnly && places.includes('type '))) return [];
  const allowed = places.some((place) =>
    place.endsWith('/') ? file.startsWith(place) : file === place,
  );
  const where = places.filter((place) => place !== 'type ').join(', ');
  return allowed ? [] : [`src/${file} imports ${specifier}, which only ${where} may`];
}

function checkSource(file, target, typeOnly) {
  if (target.startsWith('../')) {
    const text =
      file.startsWith('compile/seatbelt/') && /^\.\.\/profiles\/seatbelt\/[^/]+\.sb$/.test(target);
    return text || target === '../package.json'
      ? []
      : [`src/${file} imports ${target}, outside of src`];
  }
  const [from, to] = [partOf(file), partOf(target)];
  if (from === to || !(from in IMPORTS)) return [];
  const allowed = IMPORTS[from];
  if (allowed.includes(to) || (typeOnly && allowed.includes(`type ${to}`))) return [];
  const rule = allowed.includes(`type ${to}`) ? 'may only take types of' : 'may not import';
  return [`src/${file} imports src/${target}: ${from} ${rule} ${to}`];
}

/** One line for each circle of imports, starting at its first file by name. */
function findCycles(graph) {
  const found = new Map();
  const state = new Map();
  const visit = (file, path) => {
    if (state.get(file) === 'done') return;
    const at = path.indexOf(file);
    if (at !== -1) {
      const circle = path.slice(at);
      const first = circle.indexOf([...circle].sort()[0]);
      const turned = [...circle.slice(first), ...circle.slice(0, first)];
      found.set([...circle].sort().join(), [...turned, turned[0]].join(' -> '));
      return;
    }
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of graph.keys()) visit(file, []);
  return [...found.values()].map((circle) => `a circle of imports: ${circle}`);
}

/** Every violation below `root`, one line each. */
function checkLayout(root) {
  const violations = [];
  const graph = new Map();
  const files = filesIn(join(root, 'src'), /\.ts$/);
  const unknown = new Set(files.map(partOf).filter((part) => !(part in IMPORTS)));
  for (const part of unknown) {
    violations.push(`src/${part} has no row in the table of scripts/check-layout.mjs`);
  }
  for (const file of files) {
    const targets = [];
    for (const { specifier, typeOnly } of importsOf(
      readFileSync(join(root, 'src', file), 'utf8'),
    )) {
      if (!specifier.startsWith('.')) {
        violations.push(...checkModule(file, specifier, typeOnly));
        continue;
      }
      const target = posix.join(posix.dirname(file), specifier);
      violations.push(...checkSource(file, target, typeOnly));
      if (files.includes(target)) targets.push(target);
    }
    graph.set(file, targets);
  }
  violations.push(...findCycles(graph));
  for (const [folder, pattern] of SOURCES) {
    for (const file of filesIn(join(root, folder), pattern)) {
      const lines = readFileSync(join(root, folder, file), 'utf8').split('\n').length - 1;
      if (lines > MAX_LINES)
        violations.push(`${folder}/${file} has ${lines} lines, more than ${MAX_LINES}`);
    }
  }
  return violations;
}

const violations = checkLayout(process.argv[2] ?? root);
for (const violation of violations) console.error(violation);
process.exit(violations.length > 0 ? 1 : 0);
