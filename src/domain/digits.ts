// Reads the decimal digits of every script.

const digit = /^\p{Nd}$/u

/** The text with `0` to `9` in place of other scripts' digits. */
export function inAsciiDigits(text: string): string {
  return text.replaceAll(/(?![0-9])\p{Nd}/gu, asciiDigitOf)
}

/** Unicode has the ten digits of a script in a row from its zero; where digits precede a zero, they are whole rows. */
export function asciiDigitOf(sign: string): string {
  const code = sign.codePointAt(0) ?? 0
  let first = code
  while (digit.test(String.fromCodePoint(first - 1))) first -= 1
  return String((code - first) % 10)
}
