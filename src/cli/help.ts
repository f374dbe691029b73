import yargs from 'yargs';
import { OPTIONS } from './args.ts';

/** The text of `srt --help`. A bundle of its own: yargs is only loaded to print this. */
export function helpText(): Promise<string> {
  return yargs([])
    .help(false)
    .version(false)
    .scriptName('srt')
    .usage(
      'srt [options] [--] command [args...]\nsrt [options] -c "shell line"\nsrt doctor [--json]',
    )
    .options(OPTIONS)
    .group(Object.keys(OPTIONS), 'Options (they end at the first word that is not one):')
    .epilogue(
      'Runs the command where it reaches only the files and hosts that the settings allow.\n' +
        'Without a settings file: no network, no writes, credential stores unreadable.\n' +
        "Exit status: the command's own; 128+n when signal n ended it; 125 when srt failed\n" +
        'before the command ran; 126 cannot execute; 127 not found.',
    )
    .wrap(100)
    .getHelp();
}
