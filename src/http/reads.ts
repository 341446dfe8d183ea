// Reads no more of a connection than is about to be parsed, and frees it then: what many connections send ahead would fill
// hundreds of megabytes until it is collected, and collecting it would hold up every request.
import type { Socket } from 'node:net'

interface Reading {
  /** Nothing more is read. A paused stream of Node is read on until it holds 64 KiB. */
  pause(): void
  /** Nothing is parsed, but reading goes on, so that the end of the client is noticed. */
  stop(): void
  resume(): void
}

/** Call it before a listener for `data` is added, as Node then takes off its listener for `pause`. */
export function readingOf(socket: Socket, mayRead: () => boolean): Reading {
  const stopReading = socket.listeners('pause') as (() => void)[]
  const pause = socket.pause.bind(socket)
  const resume = socket.resume.bind(socket)
  const read = socket._read.bind(socket)
  let isUnread = false
  const readOn = () => {
    if (isUnread && !socket.destroyed) read(0)
    isUnread = false
  }
  socket._read = (size) => {
    if (mayRead()) read(size)
    else isUnread = true
  }
  return {
    pause() {
      pause()
      for (const listener of stopReading) listener.call(socket)
      isUnread = true
    },
    stop() {
      pause()
      readOn()
    },
    resume() {
      resume()
      readOn()
    },
  }
}

/** The bytes in memory that is theirs alone and may be freed, as a socket's reads are; what shares it, as with Node's pool, is copied. */
export function ownRead(bytes: Buffer): Buffer {
  return bytes.length === bytes.buffer.byteLength ? bytes : Buffer.from(new Uint8Array(bytes).buffer)
}

/** Smaller reads are left to the garbage collector. */
const largeReadBytes = 8192

/** Call it once the read is parsed or given up: Node's parser copies what it keeps. */
export function freeRead(buffer: ArrayBufferLike): void {
  if (buffer.byteLength >= largeReadBytes && buffer instanceof ArrayBuffer) buffer.transfer(0)
}
