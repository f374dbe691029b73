/** A path of the settings: bare, or with `literal: true` so that no character is special. */
export type PathEntry = string | { path: string; literal?: true };

/** A host of the settings: bare, or with what a refusal because of it should say. */
export type DomainEntry = string | { host: string; reason?: string };

/** The settings file once validated; settings.schema.json describes each key. */
export interface Settings {
  $schema?: string;
  network?: {
    allowedDomains?: DomainEntry[];
    deniedDomains?: DomainEntry[];
    deniedResolvedAddresses?: DomainEntry[];
    transparent?: boolean;
    forward?: string[];
    allowUnixSockets?: PathEntry[];
    allowAllUnixSockets?: boolean;
    allowLocalBinding?: boolean;
    allowMachLookup?: string[];
    parentProxy?: { http?: string; https?: string; all?: string; noProxy?: string | string[] };
  };
  filesystem?: {
    denyRead?: PathEntry[];
    allowRead?: PathEntry[];
    allowWrite?: PathEntry[];
    denyWrite?: PathEntry[];
    names?: 'mediate' | 'mount';
    protect?: { off?: string[]; on?: string[] };
    privateCaches?: boolean;
  };
  env?: {
    mode?: 'inherit' | 'clean';
    pass?: string[];
    deny?: string[];
    set?: Record<string, string>;
  };
  allowAppleEvents?: boolean;
  allowKeychain?: boolean;
  enableWeakerNetworkIsolation?: boolean;
}

/** A place in the settings: ["network", "allowedDomains", 2]. */
export type SettingPath = readonly (string | number)[];

/** A settings file at one moment. */
export interface Snapshot {
  text: string;
  /** Of the file, whatever its name: another one in its place has another. */
  identity: string;
}

/** Settings together with the text they came from. */
export interface LoadedSettings {
  settings: Settings;
  /** The file, as the user named it. */
  file: string;
  /** The file as it was read; null for a text from elsewhere, and a file that was not there. */
  snapshot: Snapshot | null;
  /** "file:line:column" of a value, or the file alone where there is no such place. */
  locate(path: SettingPath): string;
}
