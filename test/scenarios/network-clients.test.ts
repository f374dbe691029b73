/* Programs as they are that ask for something by plain HTTP, each with its own resolver. One is not
 * here: Go's, which needs its compiler. Like that of musl it is in no C library of the system's, and
 * like c-ares it asks the name server of resolv.conf by itself. */
import { join } from 'node:path';
import { buildC } from '../support/build-c.ts';
import { httpServer } from '../support/servers.ts';
import {
  byUrl,
  CLIENTS,
  type Client,
  clientTable,
  GLIBC,
  hasRequests,
  nodeScript,
  PYTHON,
} from './clients/table.ts';

const MUSL = buildC(join(CLIENTS, 'musl.c'), 'musl-gcc', ['-static']);

const [GET_BY_FETCH, GET_BY_HTTP, GET_BY_CARES] = [
  `fetch(process.argv[1]).then((a) => a.text()).then(console.log,
    (e) => { console.log(e.cause ?? e); process.exit(1); })`,
  `require('node:http').get(process.argv[1], (a) => a.pipe(process.stdout))
    .on('error', (e) => { console.log(e); process.exit(1); })`,
  `const url = new URL(process.argv[1]);
   require('node:dns').resolve4(url.hostname, (e, [address] = []) => {
     if (e) { console.log(e); process.exit(1); }
     require('node:http').get({ host: address, port: url.port }, (a) => a.pipe(process.stdout)); })`,
];
const GET_BY_URLLIB = `
import sys, urllib.request
print(urllib.request.urlopen(sys.argv[1]).read().decode())`;
const GET_BY_HTTP_CLIENT = `
import sys, http.client
asking = http.client.HTTPConnection(sys.argv[1], int(sys.argv[2]))
asking.request("GET", "/")
print(asking.getresponse().read().decode())`;
const GET_BY_REQUESTS = `
import sys, requests
print(requests.get(sys.argv[1]).text)`;

/** What getaddrinfo(3) of glibc says, in the words of Node. */
const NODE = { refused: /EAI_AGAIN/, missing: /ENOTFOUND/ };

const TABLE: Record<string, Client> = {
  curl: {
    needs: 'curl',
    argv: byUrl((url) => ['curl', '-sS', url]),
    failedStatus: 6,
    refused: /Could not resolve host/,
    missing: /Could not resolve host/,
  },
  wget: {
    needs: 'wget',
    argv: byUrl((url) => ['wget', '-t1', '-O-', url]),
    failedStatus: 4,
    refused: /unable to resolve host address/,
    missing: /unable to resolve host address/,
  },
  'fetch of Node': {
    needs: process.execPath,
    argv: byUrl(nodeScript(GET_BY_FETCH)),
    failedStatus: 1,
    ...NODE,
  },
  'http of Node': {
    needs: process.execPath,
    argv: byUrl(nodeScript(GET_BY_HTTP)),
    failedStatus: 1,
    ...NODE,
  },
  'c-ares of Node': {
    needs: process.execPath,
    argv: byUrl(nodeScript(GET_BY_CARES)),
    insideAlone: true,
    failedStatus: 1,
    refused: /EREFUSED/,
    missing: /ENOTFOUND/,
  },
  'urllib of Python': {
    needs: PYTHON,
    argv: byUrl((url) => [PYTHON, '-c', GET_BY_URLLIB, url]),
    failedStatus: 1,
    ...GLIBC,
  },
  'http.client of Python': {
    needs: PYTHON,
    argv: (host, port) => [PYTHON, '-c', GET_BY_HTTP_CLIENT, host, String(port)],
    failedStatus: 1,
    ...GLIBC,
  },
  'requests of Python': {
    needs: PYTHON,
    complete: hasRequests(),
    called: 'the requests module of Python',
    argv: byUrl((url) => [PYTHON, '-c', GET_BY_REQUESTS, url]),
    failedStatus: 1,
    ...GLIBC,
  },
  'urllib of Python, names over TCP': {
    needs: PYTHON,
    argv: byUrl((url) => ['env', 'RES_OPTIONS=use-vc', PYTHON, '-c', GET_BY_URLLIB, url]),
    failedStatus: 1,
    /* Where glibc asks over TCP it does not take REFUSED for a fault of the server. */
    refused: GLIBC.missing,
    missing: GLIBC.missing,
  },
  'HttpClient of Java': {
    needs: 'java',
    /* Half of a gigabyte to install. */
    huge: true,
    argv: byUrl((url) => [
      ...['java', '-Xint', '-XX:TieredStopAtLevel=1'],
      ...[join(CLIENTS, 'Fetch.java'), url],
    ]),
    failedStatus: 1,
    refused: /ConnectException|UnresolvedAddress/,
    missing: /ConnectException|UnresolvedAddress/,
  },
  'a static musl program': {
    needs: MUSL,
    argv: (host, port) => [MUSL ?? '', host, String(port)],
    failedStatus: 1,
    refused: /Try again/,
    missing: /Name does not resolve/,
  },
  bash: {
    needs: '/bin/bash',
    argv: (host, port) => {
      const get = `printf 'GET / HTTP/1.0\\r\\nhost: x\\r\\n\\r\\n' >&3; cat <&3`;
      return ['/bin/bash', '-c', `exec 3<>/dev/tcp/${host}/${port} || exit; ${get}`];
    },
    failedStatus: 1,
    ...GLIBC,
  },
};

clientTable('by http', TABLE, () => httpServer('named'));
