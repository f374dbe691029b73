/** Where a rule came from, so that every message can name it in the user's own words. */
export interface Source {
  /** The list, as in the settings file: "network.allowedDomains". */
  setting: string;
  /** What the user typed, unchanged. */
  typed: string;
  /** "file:line:column", or null for a rule that srt brings itself. */
  where: string | null;
}

/** `filesystem.denyRead "~/.ssh" (settings.json:3:5)`. */
export function describeSource({ setting, typed, where }: Source): string {
  return `${setting} ${JSON.stringify(typed)} (${where ?? 'built in'})`;
}
