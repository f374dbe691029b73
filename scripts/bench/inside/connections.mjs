// Run as `node connections.mjs '{"way":…,"host":…,"port":…,"count":…,"parallel":…,"seconds":…}'`: one GET
// per TCP connection, `parallel` of them under way at once; prints JSON. The ways: "direct",
// "request" (the proxy is asked for the URL) and "tunnel" (CONNECT first, as https does).
import { connect } from 'node:net';
import { median } from '../statistics.mjs';
import { routeTo } from './route.mjs';

const { way, host, port, count, parallel, seconds } = JSON.parse(process.argv[2]);
const route = await routeTo(port, way === 'direct', host);
const authority = `${host}:${port}`;
const head = (line, ...headers) =>
  [`${line} HTTP/1.1`, `Host: ${authority}`, ...headers, '\r\n'].join('\r\n');
const get = (target, ...headers) => head(`GET ${target}`, 'Connection: close', ...headers);

/** What is sent, each after the answer to the one before it. */
const messages = {
  direct: [get('/')],
  request: [get(`http://${authority}/`, ...route.headers)],
  tunnel: [head(`CONNECT ${authority}`, ...route.headers), get('/')],
}[way];

/** One GET over a connection of its own; resolves to its milliseconds. */
function measure() {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const socket = connect({ host: route.host, port: route.port, noDelay: true });
    let next = 0;
    let answer = '';
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer in 10 s')));
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      /* The origin is silent until it is asked, so the answer to a CONNECT ends with its head. */
      if (next < messages.length && /^HTTP\/1\.1 200 .*\r\n\r\n$/s.test(answer)) {
        answer = '';
        socket.write(messages[next++]);
      }
    });
    socket.on('end', () => {
      if (/^HTTP\/1\.1 200 .*ok$/s.test(answer)) resolve(performance.now() - begun);
      else reject(new Error(`answered ${answer.split('\r\n')[0] || 'nothing'}`));
    });
    socket.write(messages[next++]);
  });
}

/* The first connection may load code on the way, which is a cost of starting. */
for (let n = 0; n < 10; n++) await measure();

const times = [];
const failures = [];
const begun = performance.now();
let left = count;
async function work() {
  while (left-- > 0 && performance.now() - begun < seconds * 1000) {
    await measure().then(
      (time) => times.push(time),
      (error) => failures.push(error.message),
    );
  }
}
await Promise.all(Array.from({ length: parallel }, work));
const elapsed = (performance.now() - begun) / 1000;

console.log(
  JSON.stringify({
    p50: median(times),
    perSecond: times.length / elapsed,
    failed: failures.length,
    failure: failures[0],
  }),
);
