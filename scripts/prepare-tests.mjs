// What the unit tests need besides the sources: the compiled settings validator.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { validatorModule } from './bundle.mjs';
import { root } from './root.mjs';

mkdirSync(join(root, 'dist/test'), { recursive: true });
writeFileSync(join(root, 'dist/test/validator.cjs'), validatorModule());
