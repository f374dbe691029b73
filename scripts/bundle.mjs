// Bundles src/ into dist/: one file per entry point, because start-up is a feature and loading a
// tree of modules takes longer than starting the sandbox.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { bareSchema, publishedSchema } from './published-schema.mjs';
import { root } from './root.mjs';
import { writeUsualNames } from './usual-names.mjs';

/** The settings validator as a module, compiled from the schema. */
export function validatorModule() {
  const ajv = new Ajv({ code: { source: true }, verbose: false, allowUnionTypes: true });
  return standaloneCode(ajv, ajv.compile(bareSchema()));
}

const compiledValidator = {
  name: 'compiled-validator',
  setup(builder) {
    builder.onResolve({ filter: /^srt:compiled-validator$/ }, () => ({
      path: 'validator',
      namespace: 'compiled',
    }));
    builder.onLoad({ filter: /.*/, namespace: 'compiled' }, () => ({
      contents: validatorModule(),
      resolveDir: root,
    }));
  },
};

const bareSchemaFile = {
  name: 'bare-schema',
  setup(builder) {
    builder.onLoad({ filter: /\/settings\.schema\.json$/ }, () => ({
      contents: JSON.stringify(bareSchema()),
      loader: 'json',
    }));
  },
};

/* What http-proxy logs to for its own developers: to ask whether standard error is a terminal it opens it as a
   stream (src/cli/standard-streams.ts), and DEBUG would have it write there. */
const noLog = {
  name: 'no-log',
  setup(builder) {
    builder.onResolve({ filter: /^debug$/ }, () => ({ path: 'debug', namespace: 'no-log' }));
    builder.onLoad({ filter: /./, namespace: 'no-log' }, () => ({
      contents: 'module.exports = () => Object.assign(() => {}, { enabled: false });',
    }));
  },
};

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  // The UMD build of jsonc-parser cannot be bundled; the ES one can.
  mainFields: ['module', 'main'],
  legalComments: 'none',
  plugins: [compiledValidator, bareSchemaFile, noLog],
  // The fixed Seatbelt texts: nothing of them is read at run time.
  loader: { '.sb': 'text' },
  metafile: true,
  absWorkingDir: root,
};

/** Parts that few runs need, loaded when one does: reading them would slow down every start. */
const loadedLater = {
  name: 'loaded-later',
  setup(builder) {
    builder.onResolve(
      { filter: /\/(services|upstream|registries|live|doctor|help|seatbelt)\.ts$/ },
      ({ kind, path }) =>
        kind === 'dynamic-import'
          ? { path: `./${path.split('/').at(-1).replace('.ts', '.cjs')}`, external: true }
          : null,
    );
  },
};

// Asked for by the argument parser alone, so worked out when it asks.
const moduleUrl =
  "const srtModule = { get url() { return require('node:url').pathToFileURL(__filename).href; } };";

const commonJs = {
  define: { 'import.meta.url': 'srtModule.url' },
  banner: { js: moduleUrl },
  format: 'cjs',
  minify: true,
  // import() of a file of ours would start Node's whole ES module loader.
  supported: { 'dynamic-import': false },
  plugins: [compiledValidator, bareSchemaFile, noLog, loadedLater],
};

const requireShim =
  "import { createRequire as srtCreateRequire } from 'node:module';\nconst require = srtCreateRequire(import.meta.url);";

const entries = [
  {
    // CommonJS, because Node starts it 7 ms sooner than an ES module.
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/main.cjs',
    ...commonJs,
    // A function expression, which dist/srt.cjs compiles and calls (code-cache.mjs).
    banner: { js: `(function (exports, require, module, __filename, __dirname) {${moduleUrl}` },
    footer: { js: '})' },
  },
  { entryPoints: ['src/network/services.ts'], outfile: 'dist/services.cjs', ...commonJs },
  { entryPoints: ['src/network/upstream/upstream.ts'], outfile: 'dist/upstream.cjs', ...commonJs },
  { entryPoints: ['src/cli/live.ts'], outfile: 'dist/live.cjs', ...commonJs },
  { entryPoints: ['src/host/registries.ts'], outfile: 'dist/registries.cjs', ...commonJs },
  { entryPoints: ['src/cli/doctor.ts'], outfile: 'dist/doctor.cjs', ...commonJs },
  { entryPoints: ['src/cli/help.ts'], outfile: 'dist/help.cjs', ...commonJs },
  { entryPoints: ['src/seatbelt.ts'], outfile: 'dist/seatbelt.cjs', ...commonJs },
  // macOS: programs of their own.
  { entryPoints: ['src/supervisor/seatbelt/keeper.ts'], outfile: 'dist/keeper.cjs', ...commonJs },
  { entryPoints: ['src/inside/ssh-connect.ts'], outfile: 'dist/ssh-connect.cjs', ...commonJs },
  {
    entryPoints: ['src/index.ts'],
    outfile: 'dist/index.js',
    format: 'esm',
    banner: { js: requireShim },
  },
];

/** The licences of what is inside the bundles, which they require to be passed on. */
function writeNotices(metafiles) {
  const packages = new Set();
  for (const { inputs } of metafiles) {
    for (const file of Object.keys(inputs)) {
      const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
      if (folder) packages.add(folder);
    }
  }
  const notices = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json')));
    return `${name} ${version} (${license})\n\n${readLicence(join(root, folder))}\n`;
  });
  writeFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), notices.join('\n----\n\n'));
}

function readLicence(folder) {
  for (const name of ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'LICENCE']) {
    try {
      return readFileSync(join(folder, name), 'utf8').trim();
    } catch {}
  }
  return '(no licence file in the package)';
}

export async function bundle() {
  for (const { outfile } of entries) rmSync(join(root, outfile), { force: true });
  const results = await Promise.all(entries.map((entry) => build({ ...shared, ...entry })));
  writeFileSync(join(root, 'dist/settings.schema.json'), publishedSchema());
  writeUsualNames(join(root, 'dist'));
  writeNotices(results.map(({ metafile }) => metafile));
}
