import type { RefusalReason } from './policy/network-decision.ts';

/** What happens around a sandboxed command; listeners decide what a person sees of it. */
export type SandboxEvent =
  | { type: 'notice'; message: string }
  /** Patterns of reading are looked for before the start: how many names were seen so far. */
  | { type: 'searching'; names: number }
  /** Variables of the caller that commands do not get, without their values. */
  | { type: 'withheld'; variables: readonly { name: string; reason: string }[] }
  | {
      type: 'started';
      milliseconds: number;
      /** Whether programs that know nothing of proxies reach the gate. */
      transparent: boolean;
      /** Why changes of files are not decided by name, in words; null where they are. Nothing where
       * mounts decide. */
      undecided?: string | null;
    }
  /** The network lists of the running command were replaced by those of this file. */
  | { type: 'updated'; settingsFile: string }
  | {
      type: 'connected';
      protocol: GateProtocol;
      host: string;
      port: number;
      /** The parent proxy's, where there is one. */
      address: string;
      /** The parent proxy, without its credentials. */
      via?: string;
    }
  | {
      type: 'refused';
      protocol: GateProtocol;
      host: string;
      port: number;
      reason: RefusalReason | TlsRefusalReason;
      rule: string | null;
      /** Who asked, where that is known. */
      process?: { pid: number; command: string } | undefined;
      /** What the rule's author wants to be said. */
      because?: string;
    }
  /** macOS: the system's log says that the sandbox denied something. */
  | {
      type: 'violation';
      /** In the words of Seatbelt profiles: "file-read-data". */
      operation: string;
      /** A path, a service, an address; "" where there is none. */
      target: string;
      process?: { pid: number; command: string };
      /** The entry of the settings, or the protected name, where one is about the path. */
      rule?: string;
      /** Why the name is protected, or how the rule comes to be about this path. */
      because?: string;
    }
  /** A file was not changed. */
  | {
      type: 'denied';
      /** The call, as in "rename"; null for refusals that were too many to say more of. */
      operation: string | null;
      /** As the process has it, and without links. */
      asked: string;
      path: string;
      /** As numbered in the sandbox. */
      process: { pid: number; command: string } | null;
      /** "EROFS" */
      errno: string;
      /** The entry of the settings, or the protected name; null for a place that no list makes
       * writable, or a link in the place of a folder that rules lead through. */
      rule: string | null;
      /** Why the name is protected. */
      because?: string;
      /** How often, since it was last said. */
      times: number;
    }
  /** What the command made or changed, no rule refused, and a program outside may execute: once for
   * each path, and again where a folder that it is in was moved to. */
  | {
      type: 'handed-over';
      /** The call, as in "create". */
      operation: string;
      /** Without links. Bytes that are no UTF-8 are replaced. */
      path: string;
      /** The name, as in docs/report.md, and why it is told. */
      by: string;
      reason: string;
      /** As numbered in the sandbox. */
      process: { pid: number; command: string };
    }
  /** Such changes that were too many to say more of. */
  | { type: 'handed-over-more'; times: number }
  | {
      type: 'unreachable';
      protocol: GateProtocol;
      host: string;
      port: number;
      /** Of the connection, or what the parent proxy answered: "HTTP 407". */
      errno: string;
      via?: string;
    };

/** `tls`: the server name that a client says inside of a tunnel. */
export type GateProtocol = 'http' | 'connect' | 'socks5' | 'transparent' | 'dns' | 'tls';

/** What begins as TLS but cannot be read, so that nobody knows which server it asks for. */
export type TlsRefusalReason = 'malformed-hello';

/** Must not throw and must not block: it is called in the middle of connections. */
export type EventSink = (event: SandboxEvent) => void;
