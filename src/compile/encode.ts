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

export function encode(size: number, write: (out: Writer) => void): Buffer {
  const buffer = Buffer.alloc(size);
  let at = 0;
  write({
    u8: (value) => {
      at = buffer.writeUInt8(value, at);
    },
    u16: (value) => {
      at = buffer.writeUInt16LE(value, at);
    },
    u32: (value) => {
      at = buffer.writeUInt32LE(value, at);
    },
    u64: (value) => {
      at = buffer.writeBigUInt64LE(value, at);
    },
    bytes: (bytes) => {
      at += bytes.copy(buffer, at);
    },
    text: (text) => {
      at = buffer.writeUInt32LE(text.length, at);
      at += text.copy(buffer, at) + 1; // the NUL is there already
    },
  });
  return buffer;
}
