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
  };
  filesystem?: {
    denyRead?: PathEntry[];
    allowRead?: PathEntry[];
    allowWrite?: PathEntry[];
    denyWrite?: PathEntry[];
  };
}

/** A place in the settings: ["network", "allowedDomains", 2]. */
export type SettingPath = readonly (string | number)[];

/** Settings together with the text they came from. */
export interface LoadedSettings {
  settings: Settings;
  /** The file, as the user named it. */
  file: string;
  /** "file:line:column" of a value, or the file alone where there is no such place. */
  locate(path: SettingPath): string;
}
