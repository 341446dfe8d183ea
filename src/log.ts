// The log: JSON lines on stdout, without addresses, bodies, keys or signatures.
import pino, { type DestinationStream, type Logger } from 'pino'
import { redact } from './privacy/redact.ts'
import { mebibyte } from './wire/sizes.ts'

/** `destination` defaults to stdout. */
export function openLog(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: {
        err: showError,
        // An event's type is the sender's text.
        type: (type: unknown) => (typeof type === 'string' ? redact(type) : type),
        // Fastify's own serializers log the URL, whose query may hold an address.
        req: () => undefined,
        res: () => undefined,
      },
    },
    destination ?? openStdout(),
  )
}

/** Lines that wait for whoever reads stdout; further ones are lost. */
const mostWaitingBytes = 16 * mebibyte

/**
 * Written in the background; what is left is flushed when the process exits. Where it cannot be written, because the disk is full
 * or the terminal was closed, lines are lost and the service goes on.
 */
function openStdout(): DestinationStream {
  const stdout = pino.destination({ fd: 1, sync: false, maxLength: mostWaitingBytes })
  const flush = stdout.flushSync.bind(stdout)
  let isBroken = false
  stdout.on('error', () => {
    isBroken = true
  })
  stdout.on('write', () => {
    isBroken = false
  })
  // It would repeat a write that fails for ever, and the process would not exit.
  stdout.flushSync = () => {
    if (!isBroken) flush()
  }
  return stdout
}

/** An error without the values that databases and vendors put into messages. */
export function showError(error: unknown): object {
  if (!(error instanceof Error)) return { name: 'not an Error' }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const frames = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  return { name: error.name, ...code, message: redact(error.message), stack: frames.slice(0, 12).join('\n') }
}
