/** Nothing is wrong, or only warnings. */
export const EXIT_FINE = 0;
/** There are findings of severity error. */
export const EXIT_FINDINGS = 1;
/** The command was called wrongly. */
export const EXIT_BAD_USE = 2;

/** Where commands write to, and how they end. */
export interface Shell {
  /** To standard output, as it is. */
  print(text: string): void;
  /** One line to standard error. */
  note(text: string): void;
  /** The exit status. */
  finish(code: number): void;
}
