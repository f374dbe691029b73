/** Every way in which srt itself can fail; docs/errors.md explains each. */
export type SrtErrorCode =
  | 'SRT_USAGE'
  | 'SRT_SETTINGS_UNREADABLE'
  | 'SRT_SETTINGS_INVALID'
  | 'SRT_HOST_PLATFORM'
  | 'SRT_HOST_HELPER_MISSING'
  | 'SRT_HOST_BWRAP_MISSING'
  | 'SRT_HOST_BWRAP_UNSAFE'
  | 'SRT_HOST_BWRAP_OLD'
  | 'SRT_HOST_USER_NAMESPACES'
  | 'SRT_HOST_CONTAINER'
  | 'SRT_HOST_MACOS_OLD'
  | 'SRT_HOST_SANDBOX_EXEC'
  | 'SRT_HOST_SANDBOXED'
  | 'SRT_HOST_WORKING_DIRECTORY'
  | 'SRT_HOST_NAMES'
  | 'SRT_HOST_LEASE'
  | 'SRT_COMPILE_UNENFORCEABLE'
  | 'SRT_NETWORK_FORWARD'
  | 'SRT_LAUNCH_CACHES'
  | 'SRT_LAUNCH_FAILED'
  | 'SRT_LAUNCH_CHANGED'
  | 'SRT_LAUNCH_STREAM'
  | 'SRT_LAUNCH_NOT_FOUND'
  | 'SRT_LAUNCH_NOT_EXECUTABLE';

export interface SrtErrorInit {
  /** The next step for the person who reads it, as one sentence without a full stop. */
  hint?: string;
  cause?: unknown;
  details?: Readonly<Record<string, unknown>>;
}

const brand = Symbol.for('srt-sandbox.error');

/** The one error class of srt: a stable `code`, a one-line `message` and a `hint`. */
export class SrtError extends Error {
  readonly code: SrtErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;
  readonly [brand] = true;

  constructor(code: SrtErrorCode, message: string, init: SrtErrorInit = {}) {
    super(message, 'cause' in init ? { cause: init.cause } : undefined);
    this.name = 'SrtError';
    this.code = code;
    this.hint = init.hint;
    this.details = init.details ?? {};
  }
}

/** True for an SrtError of any copy of this package, as `instanceof` is not. */
export function isSrtError(value: unknown): value is SrtError {
  return typeof value === 'object' && value !== null && brand in value;
}

/** The `code` of a failed system call ("ENOENT"), or "" for any other error. */
export function errnoOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return typeof code === 'string' ? code : '';
}
