import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants as zlib, createZstdCompress, createZstdDecompress } from 'node:zlib';

/** An export that can be read as often as it takes. */
export interface Source { chunks(): AsyncIterable<Uint8Array>; close(): Promise<void> }

const zstdMagic = 0xfd2fb528;
const readAtOnce = 256 * 1024;

/** A file; compressed or not, whatever it is called. */
export async function fileSource(path: string): Promise<Source> {
  return sourceOf(await open(path, 'r'));
}

/** What comes once is kept aside, in a file that nobody else can open and that is gone with us. */
export async function streamSource(stream: AsyncIterable<Uint8Array>): Promise<Source> {
  const path = join(tmpdir(), `fourthwall-import-${randomBytes(8).toString('hex')}`);
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  await unlink(path);
  try {
    for await (const chunk of stream) await written(file, chunk);
    return await sourceOf(file);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function sourceOf(file: FileHandle): Promise<Source> {
  const head = Buffer.alloc(4);
  const { bytesRead } = await file.read(head, 0, 4, 0);
  const compressed = bytesRead === 4 && head.readUInt32LE(0) === zstdMagic;
  // A read that is under way when nobody listens any more must not find the file's number given to somebody else.
  let reading: Promise<unknown> = Promise.resolve();
  async function* raw(): AsyncGenerator<Uint8Array> {
    for (let position = 0; ;) {
      const read = file.read(Buffer.allocUnsafe(readAtOnce), 0, readAtOnce, position);
      reading = read.catch(() => undefined);
      const { bytesRead: length, buffer } = await read;
      if (length === 0) return;
      yield buffer.subarray(0, length);
      position += length;
    }
  }
  return {
    chunks: () => (compressed ? through(raw(), createZstdDecompress()) : raw()),
    async close() {
      await reading;
      await file.close();
    },
  };
}

/** Writes a new file for our eyes only; one that is there is left alone, and of one that fails nothing is left. Compressed where it is called .zst. */
export async function writeFileOf(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.chmod(0o600);
    const compressing = (): Transform => createZstdCompress({ params: { [zlib.ZSTD_c_compressionLevel]: 3, [zlib.ZSTD_c_checksumFlag]: 1 } });
    for await (const chunk of path.endsWith('.zst') ? through(chunks, compressing()) : chunks) await written(file, chunk);
    await file.sync();
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

async function* through(chunks: AsyncIterable<Uint8Array>, transform: Transform): AsyncGenerator<Uint8Array> {
  // What fails on the way in destroys the transform, so it is heard of below.
  const feeding = pipeline(Readable.from(chunks, { objectMode: false, highWaterMark: 1 }), transform).catch(() => undefined);
  try {
    yield* transform as AsyncIterable<Uint8Array>;
  } finally {
    transform.destroy();
    await feeding;
  }
}

async function written(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let from = 0; from < chunk.length;) from += (await file.write(chunk, from)).bytesWritten;
}
