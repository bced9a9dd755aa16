/** Nothing is wrong, or only warnings. */
export const EXIT_FINE = 0;
/** There are findings of severity error, or what was asked about is not allowed. */
export const EXIT_FINDINGS = 1;
/** The command was called wrongly. */
export const EXIT_BAD_USE = 2;

/** Where commands read from and write to, and how they end. */
export interface Shell {
  /** Whether standard output is for eyes. */
  readonly isColored: boolean;
  /** To standard output, as it is. */
  print(text: string): void;
  /** One line to standard error. */
  note(text: string): void;
  /** Standard input to its end, or to this many bytes. */
  readInput(maxBytes: number): Promise<Uint8Array>;
  /** The exit status. */
  finish(code: number): void;
}
