// Values within a sentence that is written the other way: a Hebrew name in English, an order number in Arabic. Left
// alone they would draw the marks and figures around them to their own side. words.ts puts every value through here.

const firstStrong = '\u2068'
const end = '\u2069'

const writtenFromTheRight =
  /[\p{Script=Adlam}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}\p{Script=Syriac}\p{Script=Thaana}\u061c\u200f]/u

/**
 * What stands well in a sentence from the right as it is: one word, which may also be what a `select` asks for, and an
 * address, which a phone would take the mark into.
 */
const untouched = /^(?:[\p{Script=Latin}_]+|https?:.*)$/u

/** Data may not turn around what stands beside it. Money and dates from Intl bring marks of other kinds, which stay. */
export function unturned(value: string): string {
  return value.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
}

/** The value, kept to itself (Unicode's FSI and PDI) where it may run against the sentence. */
export function isolated(value: string, dir: 'ltr' | 'rtl'): string {
  const plain = unturned(value)
  const strange = dir === 'rtl' ? !untouched.test(plain) : writtenFromTheRight.test(plain)
  return strange ? `${firstStrong}${plain}${end}` : plain
}
