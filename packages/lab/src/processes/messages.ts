/** One process the supervisor is asked to start. */
export type StartRequest = {
  type: 'start';
  name: string;
  program: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  /** Its stdout and stderr are appended here. */
  logFile: string;
};

/** What the lab tells its supervisor, one JSON object a line. */
export type SupervisorRequest =
  | StartRequest
  | { type: 'stop'; name: string; graceMs: number };

/** What the supervisor tells the lab, one JSON object a line. */
export type SupervisorEvent =
  | { type: 'started'; name: string; pid: number }
  | { type: 'failed'; name: string; message: string }
  | {
      type: 'exited';
      name: string;
      code: number | null;
      signal: string | null;
    };
