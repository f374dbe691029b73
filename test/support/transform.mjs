// TypeScript to CommonJS for jest, by the compiler that also makes the bundles.
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';

export default {
  process(source, file) {
    // As the text loader of the bundles.
    if (file.endsWith('.sb')) return { code: `module.exports = ${JSON.stringify(source)};` };
    const { code, map } = transformSync(source, {
      loader: 'ts',
      format: 'cjs',
      target: 'node20',
      sourcefile: file,
      sourcemap: true,
      // As in the bundles; jest has no import() for CommonJS.
      supported: { 'dynamic-import': false },
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
    });
    return { code, map };
  },
};
