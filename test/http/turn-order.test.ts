// Whose piece is parsed next, and what becomes of the rest when a client ends: by a clock on which a piece takes a millisecond.
import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { shareTurns } from '../../src/http/turns.ts'

const pieceBytes = 2048
const tenPieces = () => Buffer.alloc(10 * pieceBytes)

/** `mostMs` pieces are parsed in a turn. */
function serverOf(mostMs: number) {
  const server = new EventEmitter() as Server
  const parsed: string[] = []
  let looks = 0
  const now = () => {
    looks += 1
    if (looks > 1000) throw new Error('a turn does nothing but look at its clock')
    return parsed.length
  }
  shareTurns(server, { mostMs, pieceBytes, now })
  const connect = (name: string, parse = () => {}) => {
    const socket = new Socket()
    socket.on('data', () => {
      parsed.push(name)
      parse()
    })
    socket.on('end', () => parsed.push(`end of ${name}`))
    server.emit('connection', socket)
    return socket
  }
  /** What is parsed by the end of this turn. */
  const turn = async () => {
    await nextTurn()
    return parsed.splice(0).join(' ')
  }
  return { connect, turn }
}

it('connecting comes first, then a piece of the one that has waited longest, then the shortest', async () => {
  const { connect, turn } = serverOf(2)
  const [a, b, c, short] = ['a', 'b', 'c', 'short'].map((name) => connect(name))
  for (const long of [a, b, c]) long?.emit('data', tenPieces())
  short?.emit('data', Buffer.alloc(100))
  const turns = [await turn(), await turn(), await turn(), await turn()]
  expect(turns).toEqual(['a a', 'a short', 'b c', 'a b'])
})

it('what waits is parsed after a hundred turns, however many connect', async () => {
  const { connect, turn } = serverOf(1)
  connect('a').emit('data', tenPieces())
  expect(await turn()).toBe('a')
  let turns = 0
  do {
    connect('b')
    turns += 1
  } while ((await turn()) === '' && turns < 200)
  expect(turns).toBe(100)
})

it('a connection of which more than a piece waits is not read until that is parsed', async () => {
  const { connect, turn } = serverOf(1)
  const socket = connect('a')
  socket.emit('data', Buffer.alloc(3 * pieceBytes))
  const paused = [socket.isPaused()]
  for (let i = 0; i < 3; i++) {
    await turn()
    paused.push(socket.isPaused())
  }
  expect(paused).toEqual([true, true, true, false])
})

it('the end of a client is told once all that it sent is parsed', async () => {
  const { connect, turn } = serverOf(1)
  const socket = connect('a')
  socket.emit('data', Buffer.alloc(3 * pieceBytes))
  socket.emit('end')
  expect([await turn(), await turn(), await turn()]).toEqual(['a', 'a', 'a end of a'])
})

it('of a client that has ended nothing more is parsed once the parser stops, and its end is told at once', async () => {
  const { connect, turn } = serverOf(1)
  const stopped = connect('a')
  stopped.emit('data', tenPieces())
  stopped.pause()
  stopped.emit('end')
  expect(await turn()).toBe('a end of a')

  const ended = connect('b', () => ended.pause())
  connect('c').emit('data', Buffer.alloc(1))
  ended.emit('data', tenPieces())
  ended.emit('end')
  expect([await turn(), await turn()]).toEqual(['c', 'b end of b'])
})

it('a large read is freed once it is parsed or its connection is gone, but not while it is parsed', async () => {
  const { connect, turn } = serverOf(1)
  const [parsed, left] = [tenPieces(), tenPieces()]
  const during: number[] = []
  const one = connect('a', () => during.push(parsed.buffer.byteLength))
  one.emit('data', parsed)
  const other = connect('b', () => {
    other.destroy()
    other.resume()
    during.push(left.buffer.byteLength)
  })
  other.emit('data', left)
  const lengths = () => [parsed.buffer.byteLength, left.buffer.byteLength]
  expect(lengths()).toEqual([tenPieces().length, tenPieces().length])
  while ((await turn()) !== '');
  expect(during).toEqual(Array.from({ length: 11 }, () => tenPieces().length))
  expect(lengths()).toEqual([0, 0])
})

it('what a closed connection had brought is freed unparsed', async () => {
  const { connect, turn } = serverOf(1)
  const [first, second] = [tenPieces(), tenPieces()]
  connect('a').emit('data', first)
  const closed = connect('b')
  closed.emit('data', second)
  closed.emit('close')
  expect([await turn(), await turn(), second.buffer.byteLength]).toEqual(['a', 'a', 0])
})

it('of a connection that the parser has closed nothing more is parsed, and the turn goes on with the next', async () => {
  const { connect, turn } = serverOf(5)
  const closed = connect('a', () => closed.destroy())
  closed.emit('data', tenPieces())
  connect('b').emit('data', Buffer.alloc(1))
  expect(await turn()).toBe('a b')
})

it('memory that a read shares with others, as with Node’s pool, is not freed', async () => {
  const { connect, turn } = serverOf(1)
  const memory = Buffer.alloc(20 * pieceBytes)
  connect('a').emit('data', memory.subarray(0, 10 * pieceBytes))
  while ((await turn()) !== '');
  expect(memory.buffer.byteLength).toBe(20 * pieceBytes)
})
