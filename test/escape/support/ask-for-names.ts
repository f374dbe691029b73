/* Programs that have the network asked for names, in every way there is. Their argument is JSON:
 * names, resolvers, everybody ([address, port]); they print, as JSON, what each way said. */

export const ASK_BY_PYTHON = `
import errno, json, os, re, socket, struct, subprocess, sys
given = json.loads(sys.argv[1])
said = {}

def attempt(way, act):
    try:
        said[way] = str(act())
    except socket.gaierror as error:
        codes = {getattr(socket, name): name for name in dir(socket) if name.startswith("EAI_")}
        said[way] = codes.get(error.errno, str(error))
    except OSError as error:
        said[way] = errno.errorcode.get(error.errno, str(error))

def question(name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">6H", 0x1234, 0x0100, 1, 0, 0, 0) + labels + b"\\0" + struct.pack(">2H", 1, 1)

def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET

def rcode(answer):
    return "REFUSED" if answer[3] & 15 == 5 else answer[3] & 15

def udp(address, port, data):
    with socket.socket(family(address), socket.SOCK_DGRAM) as sock:
        sock.settimeout(10)
        if address == "255.255.255.255":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.sendto(data, (address, port))
        return rcode(sock.recv(512))

def tcp(address, port, data):
    with socket.socket(family(address)) as sock:
        sock.settimeout(10)
        sock.connect((address, port))
        sock.sendall(struct.pack(">H", len(data)) + data)
        return rcode(sock.recv(512)[2:])

def fast_open(address, port, data):
    with socket.socket(family(address)) as sock:
        sock.settimeout(10)
        return sock.sendto(data, socket.MSG_FASTOPEN, (address, port))

def multicast(data):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        sock.sendto(data, ("224.0.0.251", 5353))
        return "sent"

def ping(kind, data):
    with socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP) as sock:
        return sock.sendto(struct.pack(">2B3H", 8, 0, 0, 1, 1) + data, ("198.51.100.53", 0))

def packet(data):
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x300) as sock:
        return sock.sendto(data, ("lo", 0))

def getent(database, name):
    return subprocess.run(["getent", database, name], stdout=subprocess.DEVNULL).returncode

def proxy(variable):
    host, port = os.environ[variable].split("/")[-1].split(":")
    sock = socket.create_connection((host, int(port)))
    sock.settimeout(10)
    return sock

def http(name):
    with proxy("HTTP_PROXY") as sock:
        sock.sendall(f"CONNECT {name}:443 HTTP/1.1\\r\\nhost: {name}\\r\\n\\r\\n".encode())
        return sock.recv(512).split()[1].decode()

def socks(name):
    with proxy("ALL_PROXY") as sock:
        sock.sendall(b"\\5\\1\\0")
        sock.recv(2)
        sock.sendall(bytes([5, 1, 0, 3, len(name)]) + name.encode() + struct.pack(">H", 443))
        return {2: "not allowed"}.get(sock.recv(512)[1], "another reply")

for name in given["names"]:
    data = question(name)
    attempt(f"getaddrinfo {name}", lambda: socket.getaddrinfo(name, 80))
    attempt(f"gethostbyname {name}", lambda: socket.gethostbyname(name))
    attempt(f"getent hosts {name}", lambda: getent("hosts", name))
    attempt(f"getent ahosts {name}", lambda: getent("ahosts", name))
    attempt(f"http proxy {name}", lambda: http(name))
    attempt(f"socks proxy {name}", lambda: socks(name))
    for address in ["127.0.0.1", *given["resolvers"]]:
        attempt(f"udp {address} {name}", lambda: udp(address, 53, data))
        attempt(f"tcp {address} {name}", lambda: tcp(address, 53, data))
    for address in given["resolvers"]:
        attempt(f"fast open {address} {name}", lambda: fast_open(address, 53, data))
    for address, port in given["everybody"]:
        attempt(f"udp {address} {name}", lambda: udp(address, port, data))
    attempt(f"multicast on loopback {name}", lambda: multicast(data))
    attempt(f"ping {name}", lambda: ping(socket.SOCK_DGRAM, data))
    attempt(f"raw ping {name}", lambda: ping(socket.SOCK_RAW, data))
    attempt(f"packet {name}", lambda: packet(data))
print(json.dumps(said))
`;

export const ASK_BY_NODE = `
const dns = require('node:dns');
const given = JSON.parse(process.argv[2]);
const said = {};
const attempt = (way, ask) => new Promise((resolve) => ask((error) => {
  said[way] = error ? error.code : 'found';
  resolve();
}));
const at = (address) => {
  const resolver = new dns.Resolver({ timeout: 10_000, tries: 1 });
  resolver.setServers([address]);
  return resolver;
};
Promise.all(given.names.flatMap((name) => [
  attempt('lookup ' + name, (done) => dns.lookup(name, done)),
  attempt('c-ares ' + name, (done) => at('127.0.0.1').resolve4(name, done)),
  ...given.resolvers.map((address) =>
    attempt('c-ares at ' + address + ' ' + name, (done) => at(address).resolve4(name, done))),
])).then(() => console.log(JSON.stringify(said)));
`;
