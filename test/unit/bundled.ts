/* For sources that jest cannot load as they are, because they or a library of theirs need ES
 * modules or import(): bundled as scripts/bundle.mjs does it, so this is what users run. */
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(__dirname, '..', '..');

/** The source as one CommonJS text. */
export function bundleText(source: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(root, source)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    loader: { '.sb': 'text' },
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': JSON.stringify('file:///srt.cjs') },
  });
  return outputFiles[0]?.text ?? '';
}

/** The exports of the source. Its classes are copies: errors are told by their code. */
export function loadBundled<Exports>(source: string): Exports {
  const module = { exports: {} };
  new Function('module', 'exports', 'require', bundleText(source))(module, module.exports, require);
  return module.exports as Exports;
}
