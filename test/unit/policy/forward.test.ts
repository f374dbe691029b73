import { parseForward } from '../../../src/policy/forward.ts';

test.each([
  ['host:5432 -> 5432', { direction: 'to-host', hostPort: 5432, sandboxPort: 5432 }],
  ['host:1->65535', { direction: 'to-host', hostPort: 1, sandboxPort: 65535 }],
  ['8080 -> host:80', { direction: 'to-sandbox', hostPort: 80, sandboxPort: 8080 }],
  ['  8080   ->   host:8080  ', { direction: 'to-sandbox', hostPort: 8080, sandboxPort: 8080 }],
  /* Not a port that is opened inside, and nothing that srt would get in the way of. */
  ['host:3128 -> 5432', { direction: 'to-host', hostPort: 3128, sandboxPort: 5432 }],
])('%j', (typed, forward) => {
  expect(parseForward(typed)).toEqual(forward);
});

test.each([
  ['', /neither/],
  ['5432', /neither/],
  ['5432 -> 5432', /neither/],
  ['host:5432 -> host:5432', /neither/],
  ['example.com:5432 -> 5432', /neither/],
  ['127.0.0.1:5432 -> 5432', /neither/],
  ['host:5432 <- 5432', /neither/],
  ['host:5432-5440 -> 5432', /neither/],
  ['host:-1 -> 5432', /neither/],
  ['host:0 -> 5432', /outside 1-65535/],
  ['host:5432 -> 65536', /outside 1-65535/],
  ['host:5432 -> 53', /port 53 of the sandbox/],
  ['host:5432 -> 1080', /port 1080 of the sandbox/],
  ['host:5432 -> 3128', /port 3128 of the sandbox/],
  ['host:5432 -> 3129', /port 3129 of the sandbox/],
])('%j is refused', (typed, problem) => {
  expect(parseForward(typed)).toEqual({ problem: expect.stringMatching(problem) });
});
