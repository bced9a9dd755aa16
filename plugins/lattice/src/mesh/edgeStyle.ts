import { EdgeState } from '@lattice-portal/backstage-plugin-lattice-common';

/** The length that every line is taken to have, so that halves are exact. */
export const LINE_LENGTH = 100;

const DASH = '3 2';
const HALF = LINE_LENGTH / 2;
/** Ten dashes with their gaps fill one half. */
const HALF_DASHES = Array(HALF / 5)
  .fill(DASH)
  .join(' ');

/**
 * The dash pattern of a line by state. Only `enforced` is solid.
 *
 * @remarks
 * A half agreement is drawn from the side that declared to the middle, and no further.
 */
export const DASHES: Readonly<Record<EdgeState, string | undefined>> = {
  enforced: undefined,
  agreed: DASH,
  halfCaller: `${HALF_DASHES} 0 ${HALF}`,
  halfCallee: `0 ${HALF} ${HALF_DASHES}`,
  refused: '1 2',
  unknown: '0.5 2.5',
};

/** Colour token of a line by state; it only repeats what pattern and words say. */
export const COLOURS: Readonly<Record<EdgeState, string>> = {
  enforced: 'var(--bui-fg-positive)',
  agreed: 'var(--bui-fg-announcement)',
  halfCaller: 'var(--bui-fg-warning)',
  halfCallee: 'var(--bui-fg-warning)',
  refused: 'var(--bui-fg-negative)',
  unknown: 'var(--bui-fg-secondary)',
};
