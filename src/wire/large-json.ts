// Parses a large JSON object in short turns of the event loop, piece by piece, with the result of JSON.parse.
import { isUtf8 } from 'node:buffer'
import { eventLoopYielder } from '../clock.ts'
import { type Fields, parseJson } from './json.ts'
import { backslash, closeList, closeObject, colon, comma, openList, openObject, quote } from './json-bytes.ts'

export interface Bounds {
  /** The member that is a long list. */
  list: string
  /** Elements beyond these are left out, unchecked. */
  mostElements: number
  /** The most values in an element of the list, or in another member. */
  mostValues: number
}

/** `too-much`: the path of the member or element that has too many values. */
export type ParsedLarge =
  | { kind: 'parsed'; body: Fields }
  | { kind: 'malformed' }
  | { kind: 'too-much'; path: string[] }

type ParsedList = { kind: 'parsed'; list: unknown[] } | Exclude<ParsedLarge, { kind: 'parsed' }>

/** A part between the brackets and commas of its container; `to` is excluded. */
interface Piece {
  from: number
  to: number
  /** Counts it and the values in it, without parsing them. */
  values: number
  /** Where the first colon of its own is; the end if there is none. */
  colonAt: number
}

type YieldTurn = () => Promise<void>

interface Pieces {
  pieces: Piece[]
  /** The closing bracket. */
  end: number
}

/** A smaller text is parsed fast enough as a whole. */
export const largeBytes = 64 * 1024
const mostMembers = 1000
/** How many bytes are scanned before the event loop may have its turn. */
const stride = 64 * 1024
const malformed = { kind: 'malformed' } as const

/** Any JSON; undefined if it is not valid. A large object is parsed in short turns. */
export async function parseInTurns(raw: Buffer): Promise<unknown> {
  if (raw.length <= largeBytes || raw[skipSpace(raw, 0)] !== openObject) return parseJson(raw)
  const unbounded = { mostElements: Number.POSITIVE_INFINITY, mostValues: Number.POSITIVE_INFINITY }
  const parsed = await parseLarge(raw, { ...unbounded, list: 'recipients' })
  return parsed.kind === 'parsed' ? parsed.body : parseJson(raw)
}

export async function parseLarge(raw: Buffer, bounds: Bounds): Promise<ParsedLarge> {
  const yieldTurn = eventLoopYielder()
  const open = skipSpace(raw, 0)
  const cut = raw[open] === openObject ? await piecesOf(raw, open, mostMembers + 1, yieldTurn) : null
  if (!cut || raw[cut.end] !== closeObject || skipSpace(raw, cut.end + 1) !== raw.length) return malformed
  if (cut.pieces.length > mostMembers) return { kind: 'too-much', path: [] }
  const members: [string, unknown][] = []
  for (const piece of cut.pieces) {
    await yieldTurn()
    const name = await nameOf(raw, piece, yieldTurn)
    if (name === null) return malformed
    const valueAt = skipSpace(raw, piece.colonAt + 1)
    if (name === bounds.list && raw[valueAt] === openList) {
      const parsed = await parseList(raw, { ...piece, from: valueAt }, bounds, yieldTurn)
      if (parsed.kind !== 'parsed') return parsed
      members.push([name, parsed.list])
      continue
    }
    if (piece.values > bounds.mostValues) return { kind: 'too-much', path: [name] }
    const value = await parsePiece(raw.subarray(valueAt, piece.to), yieldTurn)
    if (value === undefined) return malformed
    members.push([name, value])
  }
  // Like JSON.parse it takes the last of equal names, and makes `__proto__` a field like any other.
  return { kind: 'parsed', body: Object.fromEntries(members) }
}

async function parseList(
  raw: Buffer,
  { from, to }: Piece,
  { list: name, mostElements, mostValues }: Bounds,
  yieldTurn: YieldTurn,
): Promise<ParsedList> {
  const cut = await piecesOf(raw, from, mostElements, yieldTurn)
  if (!cut || raw[cut.end] !== closeList || skipSpace(raw, cut.end + 1) !== to) return malformed
  const list: unknown[] = []
  for (const [index, piece] of cut.pieces.entries()) {
    await yieldTurn()
    if (piece.values > mostValues) return { kind: 'too-much', path: [name, String(index)] }
    const element = await parsePiece(raw.subarray(piece.from, piece.to), yieldTurn)
    if (element === undefined) return malformed
    list.push(element)
  }
  return { kind: 'parsed', list }
}

/** Decodes and parses in different turns, for a long text. */
async function parsePiece(piece: Buffer, yieldTurn: YieldTurn): Promise<unknown> {
  if (!isUtf8(piece)) return undefined
  const text = piece.toString()
  await yieldTurn()
  return parseJson(text)
}

/**
 * The pieces of the container that opens at `open`, at most `most` of them; null if it does not end. Brackets are matched
 * without regard to their kind: parsing finds what is wrong in a piece.
 */
async function piecesOf(raw: Buffer, open: number, most: number, yieldTurn: YieldTurn): Promise<Pieces | null> {
  const pieces: Piece[] = []
  let depth = 0
  let isText = false
  let [from, values, colonAt] = [open + 1, 1, -1]
  const cut = (to: number) => {
    if (pieces.length < most) pieces.push({ from, to, values, colonAt: colonAt < 0 ? to : colonAt })
    from = to + 1
    values = 1
    colonAt = -1
  }
  for (let i = open, yieldAt = open + stride; i < raw.length; i++) {
    if (i >= yieldAt) {
      await yieldTurn()
      yieldAt = i + stride
    }
    const byte = raw[i]
    if (isText) {
      if (byte === backslash) i++
      else if (byte === quote) isText = false
    } else if (byte === quote) isText = true
    else if (byte === colon) {
      if (depth === 1 && colonAt < 0) colonAt = i
    } else if (byte === comma) {
      if (depth === 1) cut(i)
      else values++
    } else if (byte === openList || byte === openObject) {
      depth++
      values++
    } else if (byte === closeList || byte === closeObject) {
      depth--
      if (depth === 0) {
        const isEmpty = pieces.length === 0 && skipSpace(raw, from) === i
        if (!isEmpty) cut(i)
        return { pieces, end: i }
      }
    }
  }
  return null
}

/** The name of a member; null if the piece is not a member. */
async function nameOf(raw: Buffer, { from, to, colonAt }: Piece, yieldTurn: YieldTurn): Promise<string | null> {
  const name = colonAt < to ? await parsePiece(raw.subarray(from, colonAt), yieldTurn) : null
  return typeof name === 'string' ? name : null
}

/** The first byte from here on that is not white space in JSON. */
function skipSpace(raw: Buffer, from: number): number {
  let at = from
  while (raw[at] === 0x20 || raw[at] === 0x0a || raw[at] === 0x0d || raw[at] === 0x09) at++
  return at
}
