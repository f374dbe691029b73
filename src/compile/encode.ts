/** Writes little-endian numbers and strings into one buffer that is made once. */
export interface Writer {
  u8(value: number): void;
  u16(value: number): void;
  u32(value: number): void;
  u64(value: bigint): void;
  /** As they are. */
  bytes(bytes: Buffer): void;
  /** Length, bytes, one NUL. */
  text(text: Buffer): void;
}

/** What a text takes besides its bytes. */
export const TEXT_OVERHEAD = 5;

/** Of a DataView, because a start writes hundreds of numbers, once each: the methods of Buffer take
 * several times as long before they are compiled. Throws a RangeError for what a field cannot hold. */
export function encode(size: number, write: (out: Writer) => void): Buffer {
  const buffer = Buffer.alloc(size);
  const view = new DataView(buffer.buffer, buffer.byteOffset, size);
  let at = 0;
  const advance = (value: number, most: number, width: number): number => {
    if (!Number.isInteger(value) || value < 0 || value > most)
      throw new RangeError(`${value} does not fit into ${width} bytes`);
    at += width;
    return at - width;
  };
  const u32 = (value: number) => view.setUint32(advance(value, 0xffff_ffff, 4), value, true);
  const bytes = (given: Buffer) => {
    buffer.set(given, at);
    at += given.length;
  };
  write({
    u8: (value) => view.setUint8(advance(value, 0xff, 1), value),
    u16: (value) => view.setUint16(advance(value, 0xffff, 2), value, true),
    u32,
    u64(value) {
      view.setBigUint64(at, value, true);
      at += 8;
    },
    bytes,
    text(text) {
      u32(text.length);
      bytes(text);
      at += 1; // the NUL is there already
    },
  });
  return buffer;
}
