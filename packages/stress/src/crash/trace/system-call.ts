/** One system call of a traced process. Calls overlap: `begun` and `ended` are places in the order of the trace. */
export interface SystemCall {
  /** The thread that made it. */
  readonly thread: number;
  readonly name: string;
  /** Paths in its arguments, in order; of a file descriptor the file that it stands for. */
  readonly paths: readonly string[];
  /** The peer-to-peer addresses of a TCP socket in its arguments. */
  readonly socket: string | undefined;
  /** Flags of an `openat`, and everything else that the trace shows. */
  readonly text: string;
  readonly begun: number;
  /** Absent for a call that never returned. */
  readonly ended: number | undefined;
  readonly failed: boolean;
}
