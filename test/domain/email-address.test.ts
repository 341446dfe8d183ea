// Email addresses as people write them.
import { describe, expect, it } from 'vitest'
import { emailOf, readEmail } from '../../src/domain/email-address.ts'

describe('an address', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    ['Ada@Example.COM', 'Ada@Example.COM'],
    ['info@bücher.example', 'info@xn--bcher-kva.example'],
    ['info@BÜCHER.example', 'info@xn--bcher-kva.example'],
    ['info@xn--bcher-kva.example', 'info@xn--bcher-kva.example'],
    ['taro@例え。テスト', 'taro@xn--r8jz45g.xn--zckzah'],
    ['asha@उदाहरण.भारत', 'asha@xn--p1b6ci4b4b3a.xn--h2brj9c'],
    ['hanako..k@carrier.example.jp', '"hanako..k"@carrier.example.jp'],
    ['hanako.@carrier.example.jp', '"hanako."@carrier.example.jp'],
    ['"hanako..k"@carrier.example.jp', '"hanako..k"@carrier.example.jp'],
    ['"ada"@example.com', 'ada@example.com'],
    ['"a\\d\\a"@example.com', 'ada@example.com'],
    ['"ada l, (home)"@example.com', '"ada l, (home)"@example.com'],
    ['"ada\\"@\\\\home"@example.com', '"ada\\"@\\\\home"@example.com'],
    [' ada@example.com ', 'ada@example.com'],
    ['\u00a0ada@example.com\r\n', 'ada@example.com'],
    [`${' '.repeat(300)}ada@example.com`, 'ada@example.com'],
  ])('%s is %s, which stays as it is', (written, address) => {
    expect(emailOf(written)).toBe(address)
    expect(emailOf(address)).toBe(address)
  })

  it.each([
    ...[
      'ada',
      '@example.com',
      'ada@',
      'ada@localhost',
      'ada@-example.com',
      'ada@example',
      'ada@192.0.2.1',
      'ada@[192.0.2.1]',
    ],
    ...[
      '.ada@example.com',
      '..@example.com',
      'a b@example.com',
      'ada@exa mple.com',
      'ada@b@example.com',
      'ada@example..com',
    ],
    ...[
      '""@example.com',
      '"a"b@example.com',
      '"a\nb"@example.com',
      '"a"@"b".com',
      'ada@b%41.com',
      'ada@ü%41.com',
      'ada@xn--zz.ü',
    ],
    ...[
      'ada@example.com\r\nBcc: eve@evil.example',
      `${'a'.repeat(65)}@example.com`,
      `ada@${'ü'.repeat(70)}.example`,
      '',
      5,
      null,
    ],
  ])('is not %j', (written) => {
    expect(emailOf(written)).toBeNull()
  })

  it.each(['jörg@example.com', 'आशा@उदाहरण.भारत', 'иван.п@пример.example'])('as %s needs SMTPUTF8', (written) => {
    expect(readEmail(written)).toEqual({ ok: false, needsUtf8: true })
  })

  it('is read in linear time', () => {
    for (const part of ['a.', '\\a', 'a-', '"', 'ü'])
      for (const text of [
        `"${part.repeat(100_000)}"@b.example`,
        `${part.repeat(120)}@b.example`,
        `a@${part.repeat(120)}`,
      ])
        expect(emailOf(text)).toBeNull()
  })
})
