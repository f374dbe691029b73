// Run as `node system-calls.mjs COUNT`: makes a cheap system call so many times, as programs do that
// have nothing to do with a network; prints the nanoseconds of one.
import { fstatSync } from 'node:fs';

const count = Number(process.argv[2]);
const spin = (times) => {
  for (let n = 0; n < times; n++) fstatSync(0);
};
spin(count / 10);
const begun = process.hrtime.bigint();
spin(count);
console.log(Number(process.hrtime.bigint() - begun) / count);
