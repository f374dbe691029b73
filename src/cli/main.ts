import packageJson from '../../package.json' with { type: 'json' };
import { plainInvocation } from './invocation.ts';
import { exitStatusOf, renderError } from './render.ts';
import { runVerb } from './run.ts';

async function main(): Promise<number> {
  const argv = process.argv.slice(2);
  const invocation = plainInvocation(argv) ?? (await import('./args.ts')).parseArguments(argv);
  switch (invocation.verb) {
    case 'help':
      process.stdout.write(`${await (await import('./help.ts')).helpText()}\n`);
      return 0;
    case 'version':
      process.stdout.write(`${packageJson.version}\n`);
      return 0;
    case 'doctor':
      return (await import('./doctor.ts')).doctorVerb(invocation);
    case 'run':
      return runVerb(invocation);
  }
}

main().then(
  (status) => process.exit(status),
  (error: unknown) => {
    process.stderr.write(renderError(error));
    process.exit(exitStatusOf(error));
  },
);
