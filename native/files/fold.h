/* File systems that ignore case (ext4 with casefold, vfat, ntfs, cifs) take `.GIT` for `.git`. */
#ifndef SRT_FOLD_H
#define SRT_FOLD_H

#include <stddef.h>
#include <stdint.h>

/* The first character of a name: a code point, or for a byte that begins none 0xdc00 and the byte,
 * which is no code point. `length` is at least 1. Returns how many bytes it takes. */
size_t next_character(const char *name, size_t length, uint32_t *character);

/* Writes the name as such a file system compares it, as far as ASCII names can be meant by it:
 * letters small, those that are equivalent to ASCII ones replaced, and without the characters that
 * are ignored (Unicode, CaseFolding.txt and Default_Ignorable_Code_Point; the kernel's fs/unicode).
 * A character that stands for several letters stays, as a wildcard takes it whole.
 * `out` has room for `length` bytes. Returns the length. */
size_t fold_name(const char *name, size_t length, char *out);

/* The letters that the character stands for together (CaseFolding.txt, status F), or NULL. */
const char *letters_of(uint32_t character);

/* Writes the letters in the place of what stands for them. `out` has room for `length` bytes. Returns
 * the length. */
size_t spell_out(const char *name, size_t length, char *out);

#endif
