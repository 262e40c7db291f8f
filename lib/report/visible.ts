/**
 * The one gate for characters that a page must not carry.
 * @module
 */

const unsafe =
  /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Noncharacter_Code_Point}\u{FEFF}\u{E0000}-\u{E007F}]/gu;

/** White space, and the direction marks that ordinary Arabic and Hebrew text uses. */
const ordinary = "\t\n\r\u061C\u200E\u200F";

/**
 * Shows what would be invisible or change what is seen around it: control characters, overrides of
 * the writing direction, half surrogates, tag characters, each as `[U+202E]`. The result holds no
 * character that is special in HTML unless `text` did.
 */
export function visible(text: string): string {
  return text.replace(unsafe, (character) => {
    if (ordinary.includes(character)) return character;
    return `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`;
  });
}
