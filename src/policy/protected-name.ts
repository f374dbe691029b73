/** Names that programs outside of the sandbox execute or trust, whoever wrote them. Patterns are
 * relative, of segments in which `*` stands for any characters and `?` for one; a segment `**`,
 * never the first or the last, for any number of folders, also none. Case makes no difference. */
export interface ProtectedName {
  /** What `filesystem.protect` takes: "git-hooks". */
  name: string;
  /** `tree`: at any depth of every write root. `home`: from the home folder, as far as a write root
   * has it. */
  within: 'tree' | 'home';
  /** What matches is protected with all that is beneath it, whether it exists or not: it cannot be
   * made, replaced, removed, renamed or opened for writing. No folder on the way there can be a
   * link or be moved, so a wildcard above the last segment is no wider than it must be. */
  paths: readonly string[];
  /** The same for what is not a folder: `.git` may be made as a folder, not as a file or a link. */
  files?: readonly string[];
  /** What `paths` does not mean, with all that is beneath it. It opens nothing that another entry,
   * or the same one further down, protects. */
  except?: readonly string[];
  /** Who executes it, or trusts it. */
  reason: string;
  /** Also below folders of dependencies (change-rules.ts), where a package may bring a `.vscode` that
   * no editor ever reads. */
  dependencies?: true;
  /** Only with `filesystem.protect.on`, because tools have reasons to write it. */
  optional?: true;
}
