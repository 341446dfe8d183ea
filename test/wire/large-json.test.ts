// Large JSON is parsed as JSON.parse does, in short turns.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { parseInTurns, parseLarge } from '../../src/wire/large-json.ts'

const bounds = { list: 'recipients', mostElements: 100, mostValues: 50 }
const parse = (text: string | Buffer) => parseLarge(Buffer.from(text), bounds)

describe('what JSON.parse parses', () => {
  it.each([
    '{}',
    ' \n\t\r{ } ',
    '{"a":1}',
    '{"a":"}],\\"{[","b":[1,{"c":[]}]}',
    '{"a\\"b\\\\":"\\\\","recipients":[]}',
    '{"recipients":[ ]}',
    '{"recipients":[1,"x",null,{"a":[1,2]},[]], "z":-1.5e3}',
    '{"recipients":null,"r":{"recipients":[1]}}',
    '{"recip\\u0069ents":[1]}',
    '{"a":1,"a":2,"recipients":[1],"recipients":[2]}',
    '{"a":"\\ud800","é":"😀"}',
    '{"a":1e999,"b":-0}',
  ])('is the same: %s', async (text) => {
    expect(await parse(text)).toEqual({ kind: 'parsed', body: JSON.parse(text) })
  })

  it('has a field __proto__ that is no prototype', async () => {
    const parsed = await parse('{"__proto__":{"admin":true}}')
    const body = parsed.kind === 'parsed' ? parsed.body : {}
    expect(Object.keys(body)).toEqual(['__proto__'])
    expect(body.admin).toBeUndefined()
  })
})

describe('what is not an object in JSON', () => {
  it.each([
    '',
    ' ',
    'null',
    '[]',
    '"{}"',
    '{',
    '}',
    '{"a":1',
    '{"a":1]',
    '{"a":1}}',
    '{"a":1} x',
    '{"a":1,}',
    '{,"a":1}',
    '{"a":1,,"b":2}',
    '{"a":1 "b":2}',
    '{"a"}',
    '{"a":}',
    '{a:1}',
    '{"a":[1}}',
    '{"a":[1},"b":2]}',
    '{"a":{"b":[}]}',
    '{"a":"x}',
    '{"a":"\\"}',
    '{"recipients":[1,]}',
    '{"recipients":[,1]}',
    '{"recipients":[1 2]}',
    '{"recipients":[1}}',
    '{"recipients":[1]2}',
    '{"recipients":[[1}]}',
    '{"recipients":[1]',
    '{"a":\u00a01}',
    '\ufeff{}',
  ])('is malformed: %s', async (text) => {
    expect(() => {
      if (!text.trim().startsWith('{')) throw new SyntaxError('not an object')
      JSON.parse(text)
    }).toThrow(SyntaxError)
    expect(await parse(text)).toEqual({ kind: 'malformed' })
  })

  it('is malformed where it is not UTF-8', async () => {
    expect(await parse(Buffer.from('{"a":"\xff"}', 'latin1'))).toEqual({ kind: 'malformed' })
    expect(await parse(Buffer.from('{"\xff":1}', 'latin1'))).toEqual({ kind: 'malformed' })
  })
})

it('random objects with random damage come to the same as by JSON.parse', async () => {
  // A generator of our own, so that a failure can be repeated.
  let seed = 1
  const random = (below: number) => {
    seed = (seed * 48271) % 2147483647
    return seed % below
  }
  const value = (depth: number): unknown => {
    const [kind, size] = [random(depth > 3 ? 4 : 6), random(3)]
    if (kind === 4) return Array.from({ length: size }, () => value(depth + 1))
    if (kind === 5) return Object.fromEntries(Array.from({ length: size }, (_, i) => [`k${i}`, value(depth + 1)]))
    return [random(100) / 7, null, ['a"b', '\\', ',{]', 'é\n'][random(4)], true][kind]
  }
  let whole = 0
  for (let round = 0; round < 3000; round++) {
    const object = { a: value(0), recipients: [value(1), value(1)], b: value(0) }
    const text = JSON.stringify(object, null, random(2))
    const at = random(text.length)
    const cut =
      text.slice(0, at) + ['', '"', '}', ']', ',', '{', '[', ':', '\\'][random(9)] + text.slice(at + random(2))
    let expected: unknown = 'malformed'
    try {
      expected = JSON.parse(cut)
      whole += 1
    } catch {
      // Malformed.
    }
    const parsed = await parseLarge(Buffer.from(cut), { ...bounds, mostValues: 1e6 })
    expect(parsed.kind === 'parsed' ? parsed.body : parsed.kind, cut).toEqual(expected)
  }
  expect(whole).toBeGreaterThan(100)
})

describe('what is too much', () => {
  const many = (count: number) => JSON.stringify(Array.from({ length: count }, () => 1))

  it('is reported by its position, and not parsed', async () => {
    expect(await parse(`{"a":1,"data":${many(60)}}`)).toEqual({ kind: 'too-much', path: ['data'] })
    expect(await parse(`{"recipients":[1,{"data":${many(60)}}]}`)).toEqual({
      kind: 'too-much',
      path: ['recipients', '1'],
    })
    const members = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`f${i}`, 1]))
    expect(await parse(JSON.stringify(members))).toEqual({ kind: 'too-much', path: [] })
  })

  it('is not a member of as many values as are allowed, nor a long list of small elements', async () => {
    expect(await parse(`{"data":${many(48)},"recipients":${many(100)}}`)).toMatchObject({ kind: 'parsed' })
  })

  it('in the list is left out, so that its length shows it', async () => {
    const parsed = await parse(`{"recipients":${many(500)}}`)
    expect(parsed).toEqual({ kind: 'parsed', body: { recipients: Array.from({ length: 100 }, () => 1) } })
  })
})

describe('turns', () => {
  /** How many turns of the event loop it takes if each step takes longer than a turn may. */
  async function turnsOf(work: () => Promise<unknown>): Promise<number> {
    // Until the work before it has ended its turn.
    await nextTurn()
    await nextTurn()
    let now = performance.now()
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 20
      return now
    })
    let turns = 0
    let isOver = false
    const counting = (async () => {
      for (; !isOver; turns++) await nextTurn()
    })()
    await work()
    isOver = true
    await counting
    clock.mockRestore()
    return turns
  }
  const strides = 16
  const bytes = strides * 64 * 1024

  it.each([
    ['a text of quotes', `{"a":"${'\\"'.repeat(bytes / 2)}"}`],
    ['a name of quotes', `{"${'\\"'.repeat(bytes / 2)}":1}`],
    ['a text', `{"a":"${'x'.repeat(bytes)}"}`],
    ['lists', `{"a":[${'[],'.repeat(bytes / 3)}[]]}`],
  ])('%s is cut in many', async (_what, text) => {
    expect(await turnsOf(() => parse(text))).toBeGreaterThanOrEqual(strides)
  })

  it('what is small, or no object, or has many members, is parsed at once', async () => {
    const list = JSON.stringify(Array.from({ length: 40_000 }, (_, i) => i))
    expect(
      await turnsOf(async () => expect(await parseInTurns(Buffer.from(list))).toEqual(JSON.parse(list))),
    ).toBeLessThan(3)
    const members = Object.fromEntries(Array.from({ length: 8000 }, (_, i) => [`name${i}`, i]))
    expect(await parseInTurns(Buffer.from(JSON.stringify(members)))).toEqual(members)
    expect(await parseInTurns(Buffer.from(`{"a":"${'x'.repeat(100_000)}`))).toBeUndefined()
  })
})
