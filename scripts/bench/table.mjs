/** The columns of a row that hold figures. */
const FIGURES = ['control', 'bwrap', 'relay', 'srt', 'existing', 'codex'];

/** Those that have one in some row. */
function columnsOf(rows) {
  return FIGURES.filter((column) => rows.some(({ figures }) => figures[column] !== undefined));
}

const headings = (columns) => ['what', ...columns, 'advantage', 'budget', ''];

/** How many times better srt is than the existing one; undefined where that is not known or says
 * nothing. A row has `better: 'less'` unless told. */
export function advantage({ figures: { srt, existing }, better }) {
  if (better === 'neither' || !(srt > 0 && existing > 0)) return undefined;
  return better === 'more' ? srt / existing : existing / srt;
}

/* A budget looks at a row and says whether it holds; undefined when that cannot be known. */
export const atMost = (limit, unit = '') => ({
  text: `≤ ${limit}${unit}`,
  holds: ({ figures: { srt } }) => srt <= limit,
});

export const atLeast = (limit, unit = '') => ({
  text: `≥ ${limit}${unit}`,
  holds: ({ figures: { srt } }) => srt >= limit,
});

/** Several at once: one that is missed is a miss, one that is not known leaves it unknown. */
export const all = (...budgets) => ({
  text: budgets.map(({ text }) => text).join(' and '),
  holds(row) {
    const held = budgets.map(({ holds }) => holds(row));
    return held.includes(false) ? false : held.includes(undefined) ? undefined : true;
  },
});

export const timesBetter = (times) => ({
  text: `≥ ${times}×`,
  holds: (row) => {
    const is = advantage(row);
    return is === undefined ? undefined : is >= times;
  },
});

function cells(row, columns) {
  const { what, figures, digits = 0, budget } = row;
  const times = advantage(row);
  return [
    what,
    ...columns.map((column) => figures[column]?.toFixed(digits) ?? ''),
    times === undefined ? '' : `${times.toFixed(1)}×`,
    budget?.text ?? '',
    budget ? verdict(budget.holds(row)) : '',
  ];
}

function verdict(holds) {
  if (holds === undefined) return 'not known';
  return holds ? 'met' : 'missed';
}

/** For a terminal: columns aligned by spaces. */
export function renderTable(rows) {
  const columns = columnsOf(rows);
  const lines = [headings(columns), ...rows.map((row) => cells(row, columns))];
  const widths = headings(columns).map((_, column) =>
    Math.max(...lines.map((line) => line[column].length)),
  );
  const pad = (text, column) =>
    column === 0 || column > columns.length + 1
      ? text.padEnd(widths[column])
      : text.padStart(widths[column]);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

/** The same as Markdown. */
export function renderMarkdown(rows) {
  const line = (texts) => `| ${texts.join(' | ')} |`;
  const columns = columnsOf(rows);
  const rule = headings(columns).map((_, column) =>
    column > 0 && column <= columns.length + 1 ? '--:' : '---',
  );
  const lines = rows.map((row) => cells(row, columns));
  return [headings(columns), rule, ...lines].map(line).join('\n');
}
