import packageJson from '../../package.json' with { type: 'json' };
import { type Front, takeFront } from './front.ts';
import { plainInvocation } from './invocation.ts';
import { exitStatusOf, renderError } from './render.ts';
import { runVerb } from './run.ts';
import { shieldStandardError, standardError, standardOutput } from './standard-streams.ts';

async function main(front: Front | null): Promise<number> {
  const argv = process.argv.slice(2);
  const invocation = plainInvocation(argv) ?? (await import('./args.ts')).parseArguments(argv);
  switch (invocation.verb) {
    case 'help':
      standardOutput.write(`${await (await import('./help.ts')).helpText()}\n`);
      return 0;
    case 'version':
      standardOutput.write(`${packageJson.version}\n`);
      return 0;
    case 'doctor':
      return (await import('./doctor.ts')).doctorVerb(invocation);
    case 'run':
      return runVerb(invocation, front);
  }
}

if (process.platform === 'linux') shieldStandardError();
const front = takeFront(process.argv);
const end = (status: number): never => (front ? front.end(status) : process.exit(status));

main(front)
  .catch((error: unknown) => {
    standardError.write(renderError(error));
    return exitStatusOf(error);
  })
  .then(async (status) => {
    await Promise.all([standardOutput.flush(), standardError.flush()]);
    end(status);
  });
