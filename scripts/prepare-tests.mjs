// What the unit tests need besides the sources: the compiled settings validator.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, validatorModule } from './bundle.mjs';

mkdirSync(join(root, 'dist/test'), { recursive: true });
writeFileSync(join(root, 'dist/test/validator.cjs'), validatorModule());
