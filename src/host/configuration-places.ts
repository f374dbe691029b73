import { isAbsolute, join } from 'node:path';

export type Variables = Readonly<Record<string, string | undefined>>;

/** Where a package manager's configuration may stand. */
export interface ConfigurationPlaces {
  variables: Variables;
  home: string;
  /** Where system-wide files are: "/etc". */
  etc: string;
  /** The default registry as npm tells it, or null. */
  askNpm: () => string | null;
}

/** The path that a variable names, or nothing: a relative one would be in the project. */
export function pathIn({ variables, home }: ConfigurationPlaces, name: string): string | null {
  const value = variables[name]?.replace(/^~(?=\/)/, home);
  return value !== undefined && isAbsolute(value) ? value : null;
}

/** The user's folder for configuration (XDG Base Directory Specification). */
export function configurationFolder(places: ConfigurationPlaces): string {
  return pathIn(places, 'XDG_CONFIG_HOME') ?? join(places.home, '.config');
}
