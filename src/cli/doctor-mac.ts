import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeSandboxExec } from '../host/mac/sandbox-exec.ts';
import { probeVersion } from '../host/mac/version.ts';
import { createSandbox, type Sandbox } from '../sandbox.ts';
import { loadText } from '../settings/load.ts';
import { toPolicy } from '../settings/to-policy.ts';
import { attempt, type Check, failure } from './doctor-checks.ts';
import {
  judgeMacProbe,
  MAC_PROBE_SCRIPT,
  type MacProbeInput,
  type MacProbeResult,
} from './doctor-mac-probe.ts';

/** What the checks are made with; the parts of this machine if not given. */
export interface MacParts {
  version(): string;
  sandboxExec(): string;
  /** A sandbox for these settings, in this folder. */
  sandbox(settings: object, cwd: string): Promise<Pick<Sandbox, 'run'>>;
}

const THIS_MACHINE: MacParts = {
  version: probeVersion,
  sandboxExec: probeSandboxExec,
  sandbox(settings, cwd) {
    const loaded = loadText(JSON.stringify(settings), 'doctor');
    return createSandbox(toPolicy(loaded, { home: cwd, cwd, protect: [] }), {
      cwd,
      environment: new Map(),
    });
  },
};

/** Looks at the parts, then starts a sandbox and tries what it promises. */
export async function macChecks(parts: MacParts = THIS_MACHINE): Promise<Check[]> {
  return [
    attempt('macOS', parts.version),
    attempt('sandbox-exec', parts.sandboxExec),
    ...(await probeSandbox(parts)),
  ];
}

async function probeSandbox({ sandbox }: MacParts): Promise<Check[]> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'srt-doctor-')));
  /* The control: outside of the sandbox this port can be connected to. */
  const server = createServer((socket) => socket.destroy());
  try {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const input = prepare(folder, (server.address() as AddressInfo).port);
    const settings = {
      filesystem: {
        denyRead: [input.denied, `${input.inside}/**/*.hide`],
        allowRead: [folder],
        allowWrite: [input.inside],
        denyWrite: ['kept/file', 'unfit', '**/*.keep'].map((path) => `${input.inside}/${path}`),
      },
    };
    const begun = performance.now();
    const { run } = await sandbox(settings, folder);
    let printed = '';
    const argv = [process.execPath, '-e', MAC_PROBE_SCRIPT, JSON.stringify(input)];
    const { code } = await run(argv, (chunk) => {
      printed += chunk.toString('utf8');
    });
    if (code !== 0) throw new Error('the probe did not run to its end in the sandbox');
    const why = `started and ran a probe in ${Math.round(performance.now() - begun)} ms`;
    const result = JSON.parse(printed) as MacProbeResult;
    return [{ capability: 'sandbox', status: 'ok', why, fix: null }, ...judgeMacProbe(result)];
  } catch (error) {
    return [failure('sandbox', error)];
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A program that can be run serves as what is denied for reading, too. */
function prepare(folder: string, port: number): MacProbeInput {
  const at = (name: string) => join(folder, name);
  for (const name of ['free', 'kept', '.git', '.vscode'])
    mkdirSync(at(`inside/${name}`), { recursive: true });
  mkdirSync(at('outside'));
  writeFileSync(at('inside/kept/file'), '');
  writeFileSync(at('inside/a.hide'), '');
  writeFileSync(at('readable'), '');
  writeFileSync(at('denied'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  return {
    ...{ readable: at('readable'), denied: at('denied'), inside: at('inside') },
    ...{ outside: at('outside'), port },
  };
}
