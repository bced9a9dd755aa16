import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Puts a style around a text. */
export type Paint = (style: Style, text: string) => string;

/** Paints, or leaves everything as it is. */
export function paintWhen(isColored: boolean): Paint {
  return isColored
    ? (style, text) => styleText(style, text, { validateStream: false })
    : (_, text) => text;
}
