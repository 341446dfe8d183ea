// Isolates values whose direction differs from the sentence's, such as a Hebrew name in English or an order number in Arabic,
// so that they do not reorder the punctuation and digits around them.

const firstStrong = '\u2068'
const end = '\u2069'

const writtenFromTheRight =
  /[\p{Script=Adlam}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}\p{Script=Syriac}\p{Script=Thaana}\u061c\u200f]/u

/**
 * Needs no isolation in a right-to-left sentence: one Latin word, which a `select` may also compare, and a URL, into which a
 * phone would include the control character.
 */
const needsNone = /^(?:[\p{Script=Latin}_]+|https?:.*)$/u

/** Removes bidi embeddings, overrides and isolates from data. Intl's money and dates use other marks, which stay. */
export function withoutBidiControls(value: string): string {
  return value.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
}

/** The value, within Unicode's FSI and PDI where its direction may differ from the sentence's. */
export function isolated(value: string, dir: 'ltr' | 'rtl'): string {
  const plain = withoutBidiControls(value)
  const needsIsolation = dir === 'rtl' ? !needsNone.test(plain) : writtenFromTheRight.test(plain)
  return needsIsolation ? `${firstStrong}${plain}${end}` : plain
}
