/** The beginning of a text that takes up at most so many bytes, without half a character. */
export function cutToBytes(text: string, maxBytes: number): string {
  let length = 0;
  let end = 0;
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > maxBytes) return text.slice(0, end);
    end += character.length;
  }
  return text;
}
