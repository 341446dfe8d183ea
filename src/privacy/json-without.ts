// Writes a parsed JSON body again without the texts that name a person, in short turns of the event loop.
import { eventLoopYielder } from '../clock.ts'
import { isFields } from '../wire/json.ts'

export interface Erasing {
  /** Whether a text or number names the person; yields between the parts of a long one. */
  finds(this: void, text: string): Generator<void, boolean>
  /** What stands for it then. A field whose name does is left out. */
  by: string
}

/** So many values or characters are written in one step. */
const valuesAtOnce = 500
const charactersAtOnce = 65_536
const mostRemembered = 1_000

export async function jsonWithout(value: unknown, { finds, by }: Erasing): Promise<Buffer> {
  const yieldTurn = eventLoopYielder()
  const done: Buffer[] = []
  let text = ''
  let values = 0
  const findsName = remembered(finds)

  function* write(one: unknown): Generator<void> {
    values += 1
    if (text.length > charactersAtOnce) {
      done.push(Buffer.from(text))
      text = ''
    }
    if (values % valuesAtOnce === 0) yield
    if (typeof one === 'string') yield* writeText((yield* finds(one)) ? by : one)
    else if (typeof one === 'number') text += JSON.stringify((yield* finds(String(one))) ? by : one)
    else if (Array.isArray(one)) yield* writeList(one)
    else if (isFields(one)) yield* writeFields(one)
    else text += JSON.stringify(one)
  }

  /** A surrogate pair that is cut is written as two escapes, which a parser joins again. */
  function* writeText(one: string): Generator<void> {
    text += '"'
    for (let at = 0; at < one.length; at += charactersAtOnce) {
      text += JSON.stringify(one.slice(at, at + charactersAtOnce)).slice(1, -1)
      if (at > 0) yield
    }
    text += '"'
  }

  function* writeList(list: unknown[]): Generator<void> {
    text += '['
    for (const [index, one] of list.entries()) {
      if (index > 0) text += ','
      yield* write(one)
    }
    text += ']'
  }

  function* writeFields(fields: object): Generator<void> {
    text += '{'
    let isFirst = true
    for (const [name, one] of Object.entries(fields)) {
      if (yield* findsName(name)) continue
      if (!isFirst) text += ','
      isFirst = false
      yield* writeText(name)
      text += ':'
      yield* write(one)
    }
    text += '}'
  }

  for (const _step of write(value)) await yieldTurn()
  done.push(Buffer.from(text))
  return Buffer.concat(done)
}

/** The names of fields come again with every recipient. */
function remembered(finds: Erasing['finds']): Erasing['finds'] {
  const known = new Map<string, boolean>()
  return function* (text) {
    const before = known.get(text)
    if (before !== undefined) return before
    const found = yield* finds(text)
    if (known.size < mostRemembered) known.set(text, found)
    return found
  }
}
