/** Reads a stream to its end, or until it has more than `maxBytes`: the rest is never taken into memory. */
export async function readInput(
  stream: AsyncIterable<Uint8Array | string>,
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    chunks.push(bytes);
    size += bytes.byteLength;
    if (size >= maxBytes) {
      break;
    }
  }
  return Buffer.concat(chunks);
}
