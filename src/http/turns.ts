// Shares the turns of the event loop between connections: for a few milliseconds a turn, what has arrived is parsed piece by
// piece, the shortest first, so that one client that sends much does not delay the others.
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { mebibyte } from '../wire/sizes.ts'
import { freeRead, ownRead, readingOf } from './reads.ts'
import { shortestFirst } from './shortest-first.ts'

export interface TurnLimits {
  /** Once a turn has lasted this long, what arrives waits for the next one. */
  mostMs: number
  /** A longer read is parsed in pieces of this size. */
  pieceBytes: number
  /** Over all connections; beyond them, those with the most waiting are cut. A paused socket buffers up to 64 KiB besides. */
  mostWaitingBytes: number
  now(): number
}

const usualLimits: TurnLimits = {
  mostMs: 2,
  pieceBytes: 2048,
  mostWaitingBytes: 32 * mebibyte,
  now: () => performance.now(),
}

/** Nothing waits for longer than this many turns in which connections come. */
const mostPutOff = 100

type Parse = (bytes: Buffer) => void

interface Connection {
  socket: Socket
  /** Node's listener for `data`. */
  parse: Parse
  reading: ReturnType<typeof readingOf>
  /** Calls Node's listeners for `end`. */
  end(): void
  /** The other side has sent all; the parser is told when that is parsed. */
  hasEnded: boolean
  /** What has arrived and is not parsed yet. */
  waiting: Buffer[]
  bytes: number
  /** The parser itself paused the socket, until a body or an answer is read. */
  isStopped: boolean
}

/**
 * Holds for the connections that come from then on. By itself, Node parses in one turn all that it has read of all connections,
 * where one read of 64 KiB may be thousands of chunks, header lines or requests; and it accepts one connection a turn, so that
 * long turns shut others out. It has no setting for this, so its own listeners for `data` and `end` (lib/_http_server.js) are
 * taken off each socket and called with pieces. Its parser reads the handle past the stream only while nobody else listens for
 * `data`.
 */
export function shareTurns(server: Server, limits: Partial<TurnLimits> = {}): void {
  const { mostMs, pieceBytes, mostWaitingBytes, now } = { ...usualLimits, ...limits }
  const queue = shortestFirst<Connection>()
  /** All with something that waits, also those that are stopped. */
  const held = shortestFirst<Connection>()
  let waitingBytes = 0
  /** When this turn first had something to parse. */
  let since: number | null = null
  let hasConnected = false
  let putOff = 0
  /** What the parser reads at the moment. */
  let parsing: ArrayBufferLike | null = null

  server.on('connection', (socket) => {
    hasConnected = true
    const [parse] = socket.listeners('data') as Parse[]
    if (!parse) throw new Error('the HTTP server does not listen for data')
    const ends = socket.listeners('end') as (() => void)[]
    const end = () => {
      for (const listener of ends) listener.call(socket)
    }
    const state = { hasEnded: false, waiting: [], bytes: 0, isStopped: false }
    const reading = readingOf(socket, () => connection.bytes <= pieceBytes || connection.isStopped)
    const connection: Connection = { socket, parse, reading, end, ...state }
    socket.on('data', (bytes) => arrive(connection, bytes))
    socket.off('data', parse)
    for (const listener of ends) socket.off('end', listener)
    socket.on('end', () => {
      // Nothing would start the parser again; and Node sends no later answer to a client that has ended.
      if (connection.isStopped) drop(connection)
      if (connection.bytes === 0) end()
      else connection.hasEnded = true
    })
    // The parser, and who reads a body, stop and start the socket: they may not start it while something waits.
    socket.pause = () => {
      connection.isStopped = true
      reading.stop()
      return socket
    }
    socket.resume = () => {
      connection.isStopped = false
      if (connection.bytes === 0) reading.resume()
      else wait(connection)
      return socket
    }
    socket.once('close', () => drop(connection))
  })

  function arrive(connection: Connection, bytes: Buffer): void {
    beginTurn()
    connection.waiting.push(ownRead(bytes))
    connection.bytes += bytes.length
    waitingBytes += bytes.length
    while (queue.size === 0 && connection.bytes > 0 && !connection.isStopped && !isOver()) parsePiece(connection)
    wait(connection)
    while (waitingBytes > mostWaitingBytes) {
      const longest = held.longest()
      if (!longest) return
      longest.socket.destroy()
      drop(longest)
    }
  }

  function wait(connection: Connection): void {
    const { socket, bytes } = connection
    if (socket.destroyed) drop(connection)
    if (connection.bytes === 0) return void held.delete(connection)
    held.add(connection, bytes)
    if (connection.isStopped) return
    beginTurn()
    queue.add(connection, bytes)
    if (bytes > pieceBytes) connection.reading.pause()
  }

  function beginTurn(): void {
    if (since !== null) return
    since = now()
    setImmediate(nextTurn)
  }

  function isOver(): boolean {
    return since !== null && now() - since >= mostMs
  }

  function nextTurn(): void {
    since = null
    if (queue.size === 0) return
    beginTurn()
    // More may be waiting to connect.
    const isPutOff = hasConnected && putOff < mostPutOff
    hasConnected = false
    putOff = isPutOff ? putOff + 1 : 0
    if (isPutOff) return
    // The first piece is that of the connection that has waited longest, so that many short ones do not shut it out.
    let next = queue.longestWaiting()
    while (next) {
      queue.delete(next)
      parsePiece(next)
      wait(next)
      next = isOver() ? undefined : queue.shortest()
    }
  }

  function parsePiece(connection: Connection): void {
    const { socket, waiting } = connection
    const [first] = waiting
    if (!first || connection.isStopped) return
    const piece = first.subarray(0, pieceBytes)
    if (piece.length === first.length) waiting.shift()
    else waiting[0] = first.subarray(pieceBytes)
    connection.bytes -= piece.length
    waitingBytes -= piece.length
    parsing = first.buffer
    connection.parse.call(socket, piece)
    parsing = null
    if (first.buffer !== waiting[0]?.buffer || connection.waiting !== waiting) freeRead(first.buffer)
    if (socket.destroyed || (connection.hasEnded && connection.isStopped)) drop(connection)
    if (connection.bytes > 0 || socket.destroyed) return
    if (connection.hasEnded) connection.end()
    else if (socket.isPaused() && !connection.isStopped) connection.reading.resume()
  }

  function drop(connection: Connection): void {
    queue.delete(connection)
    held.delete(connection)
    waitingBytes -= connection.bytes
    connection.bytes = 0
    for (const { buffer } of connection.waiting) if (buffer !== parsing) freeRead(buffer)
    connection.waiting = []
  }
}
