import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { renderMarkdown } from './table.mjs';

const LEGEND = `The figures are medians. Every row was measured in one run, the columns interleaved, because the
ratios are what counts: absolute figures change with the machine and its load.

- **control**: \`node -e 0\` for starts, the same client outside any sandbox for the network.
- **bwrap**: bubblewrap alone with every namespace, without rules and without a network gate.
- **relay**: a Node program outside any sandbox that hands connections on and decides nothing, which is the
  least that a gate in Node can cost.
- **srt**: this project. **existing**: \`@anthropic-ai/sandbox-runtime\` 0.0.83.
- **codex**: the sandbox of \`codex\` with its network proxy, where it is installed.
- **advantage**: how many times better srt is than the existing one.

Nothing runs with \`NODE_EXTRA_CA_CERTS\`: where it is set, each start of Node takes tens of milliseconds
more, those of the existing srt too, but not those of srt.

New connections are opened by one client, 3,000 one after another and 12,000 with 32 at once, so that
they show a gate that has run for a while. "transparent" is the same client without any proxy, by an
address of this machine beside loopback.

Starts in a folder (20 at once, large, empty) are with \`"allowWrite": ["."]\`. The proportional set
of a process shrinks when more programs share its pages, and the bench is a Node itself; the row
"if no other Node ran" counts all pages of the wrapper's Node.`;

/** The page as text. */
export function renderDocument({ machine, rows, notes }) {
  const paragraphs = [
    '# Benchmarks',
    `Made by \`npm run bench -- --write\`: ${machine}.`,
    LEGEND,
    renderMarkdown(rows),
    ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

export function writeDocument(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, renderDocument(content));
}
