/* What docs/security.md says is different, and nothing else. */

interface Both {
  outside: string;
  inside: string;
}

const NOFOLLOW = 0o400000;

/** The row's results alone, and what it left. */
function parts(line: string): [results: string, left: string] {
  const [results = '', left = ''] = line.split(' | ');
  return [results, left];
}

/* The kernel opens nothing through a descriptor with O_NOFOLLOW, so the flag is not in F_GETFL. */
function lacksFlag(row: string, { outside, inside }: Both): boolean {
  const without = outside.replace(/^fd (\d+) ([0-7]+)/, (_, fd, flags) => {
    return `fd ${fd} ${(Number.parseInt(flags, 8) & ~NOFOLLOW).toString(8)}`;
  });
  return row.includes('O_NOFOLLOW') && inside === without;
}

/* What a rule refuses is refused for that reason, where the kernel had another one. */
const OTHER_REASONS = new Set(['EXDEV', 'EBUSY', 'EPERM', 'ENOTDIR', 'EOPNOTSUPP']);

function isRefusedAnyway(row: string, { outside, inside }: Both): boolean {
  const [theirs, left] = parts(outside);
  const [ours, leftInside] = parts(inside);
  const refused = ours === 'EACCES' || ours === 'EROFS';
  return row.includes("'/") && refused && OTHER_REASONS.has(theirs) && left === leftInside;
}

/** Results by row, where they are of that row alone. */
const SINGLE: Readonly<Record<string, readonly [outside: string, inside: string]>> = {
  /* Which of two errors is said. */
  "linkat AT_FDCWD 'missing AT_FDCWD BAD 0": ['ENOENT', 'EFAULT'],
  "limit nofile 5 ; open 'file O_RDWR ; open 'missing O_RDWR ; open 'folder O_RDWR ; open BAD O_RDWR":
    [
      '0, fd 4 100002 -644 5, EMFILE, EMFILE, EFAULT',
      '0, fd 4 100002 -644 5, ENOENT, EISDIR, EFAULT',
    ],
  /* The file is opened before it is known that there is no descriptor left for it. */
  "limit nofile 5 ; open 'file O_RDWR ; open 'new O_RDWR|O_CREAT 0600": [
    '0, fd 4 100002 -644 5, EMFILE',
    '0, fd 4 100002 -644 5, EMFILE',
  ],
  "limit nofile 5 ; open 'file O_RDWR ; open 'file O_RDWR|O_TRUNC": [
    '0, fd 4 100002 -644 5, EMFILE',
    '0, fd 4 100002 -644 5, EMFILE',
  ],
};

/** Whether a difference is one of those that are known. */
export function explain(row: string, both: Both): boolean {
  const single = SINGLE[row];
  if (single) return parts(both.outside)[0] === single[0] && parts(both.inside)[0] === single[1];
  return lacksFlag(row, both) || isRefusedAnyway(row, both);
}
