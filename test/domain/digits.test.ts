// The digits of other scripts than the Latin one.
import { expect, it } from 'vitest'
import { inAsciiDigits } from '../../src/domain/digits.ts'

it.each([
  ['Arabic', '\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669'],
  ['Persian', '\u06f0\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7\u06f8\u06f9'],
  ['Devanagari', '\u0966\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f'],
  ['fullwidth', '\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19'],
])('%s digits', (_script, digits) => {
  expect(inAsciiDigits(`+${digits} x9`)).toBe('+0123456789 x9')
})

it('every digit of Unicode, also the rows of mathematical ones', () => {
  const digits = Array.from({ length: 0x110000 }, (_, code) => code).filter((code) =>
    /^\p{Nd}$/u.test(String.fromCodePoint(code)),
  )
  expect(inAsciiDigits(String.fromCodePoint(...digits))).toBe('0123456789'.repeat(digits.length / 10))
})
