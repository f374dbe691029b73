import { readFileSync } from 'node:fs';

/** random(4): another one after each start of the kernel. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
