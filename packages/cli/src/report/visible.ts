/** What a terminal, or a log that obeys lines, would act upon instead of showing. */
const INVISIBLE =
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A text from a manifest as it may be shown on a terminal: names may hold anything. */
export function visible(text: string): string {
  return text.replace(
    INVISIBLE,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** {@link visible} for the beginning of a line: some logs read `::` there as an order to the machine. */
export function visibleStart(text: string): string {
  const shown = visible(text);
  return /^\s*(::|##)/.test(shown) ? `./${shown}` : shown;
}
