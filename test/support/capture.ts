/* What goes over any interface of the host, loopback too, as far as it has a certain word in it. */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isRoot } from './requires.ts';
import { ended } from './srt.ts';

const PYTHON = '/usr/bin/python3';

const OPEN = 'import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)';

/** Root can, unless a container has taken that from it. */
export const canCapture = isRoot && spawnSync(PYTHON, ['-c', OPEN]).status === 0;

/* Letters are compared without case, because a resolver may change it on the way. Packets of more
 * than 4096 bytes, which there are on loopback alone, are data of other tests: a filter keeps them
 * from filling the buffer. */
const CAPTURE = `
import ctypes, socket, struct, sys
ETH_P_ALL, SO_ATTACH_FILTER, SO_RCVBUFFORCE, SOL_PACKET, PACKET_STATISTICS = 3, 26, 33, 263, 6
word, last = (text.lower().encode() for text in sys.argv[1:])
# ld len; jgt 4096: ret 0, else ret 65535
code = [(0x80, 0, 0, 0), (0x25, 0, 1, 4096), (0x06, 0, 0, 0), (0x06, 0, 0, 65535)]
lines = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
try:
    wire.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
except PermissionError:
    wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 << 20)
program = struct.pack("HP", len(code), ctypes.addressof(lines))
wire.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
print("ready", flush=True)
seen = 0
while True:
    packet = wire.recv(65536).lower()
    seen += word in packet
    if last in packet:
        break
_, dropped = struct.unpack("II", wire.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))
print(seen, dropped)
`;

export interface Captured {
  /** How many packets had the word in them. */
  seen: number;
  /** How many the kernel had no room for: of these nobody knows. */
  dropped: number;
}

/** Captures while `act` is at it. Needs `canCapture`. */
export async function capture(word: string, act: () => Promise<unknown>): Promise<Captured> {
  const last = `last-${randomBytes(8).toString('hex')}`;
  const child = spawn(PYTHON, ['-c', CAPTURE, word, last], { stdio: 'pipe' });
  const end = ended(child, 60_000);
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), end]);
  await act();
  /* It comes behind all that went out before. Port 9 has no server, and needs none. */
  const socket = createSocket('udp4');
  socket.on('error', () => {});
  const again = setInterval(() => socket.send(last, 9, '127.0.0.1'), 20);
  const { code, stdout, stderr } = await end.finally(() => {
    clearInterval(again);
    socket.close();
  });
  if (code !== 0) throw new Error(`the capture ended with ${code}: ${stderr}`);
  const [seen = Number.NaN, dropped = Number.NaN] = stdout.trim().split(/\s/).slice(1).map(Number);
  return { seen, dropped };
}
