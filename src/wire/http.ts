// Sends HTTP requests through undici, and tells whether the server can have received a request that failed.
import type { LookupFunction } from 'node:net'
import { type Dispatcher, Pool } from 'undici'
import { mebibyte } from './sizes.ts'

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  /** Appended to the base URL; starts with a slash. */
  path: string
  headers: Record<string, string>
  body?: string
  /** Aborts the request. */
  signal: AbortSignal
}

export interface Answer {
  kind: 'answer'
  statusCode: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** `not-sent`: nothing was written. `lost`: the request may have been received; it has the status if that arrived. */
export type HttpResult =
  | Answer
  | { kind: 'not-sent'; code: string; text: string }
  | { kind: 'lost'; code: string; text: string; statusCode: number | null }

export interface Transport {
  /** Sends once: no retries, no redirects. Never throws for a failure of the network. */
  send(request: HttpRequest): Promise<HttpResult>
  /** Waits for the calls in flight, then closes. Idempotent. */
  close(): Promise<void>
}

const connectTimeoutMs = 5_000
// Servers close idle connections after 5 s (Node) to 75 s (nginx). A call on a connection that the server is closing
// would be `lost`, so we close it first.
const keepAliveMs = 4_000
const defaultMaxBodyBytes = mebibyte
const maxConnections = 64

export interface TransportOptions {
  /** Resolves the host name for each connection; an error refuses the connection. Default: the system's. */
  lookup?: LookupFunction
  /** A larger answer is `lost`. Default: 1 MiB. */
  maxBodyBytes?: number
}

export function transport(
  baseUrl: string,
  { lookup, maxBodyBytes = defaultMaxBodyBytes }: TransportOptions = {},
): Transport {
  const base = new URL(baseUrl)
  const prefix = base.pathname.replace(/\/+$/, '')
  const pool = new Pool(base.origin, {
    connections: maxConnections,
    connect: { timeout: connectTimeoutMs, ...(lookup && { lookup }) },
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    // With HTTP/2 one broken connection would lose many calls at once.
    allowH2: false,
  })
  let closed: Promise<void> | null = null
  return {
    send: (request) => send(pool, prefix + request.path, request, maxBodyBytes),
    close() {
      closed ??= pool.close()
      return closed
    },
  }
}

function send(
  pool: Pool,
  path: string,
  { method, headers, body, signal }: HttpRequest,
  maxBodyBytes: number,
): Promise<HttpResult> {
  return new Promise((resolve) => {
    let started = false
    let settled = false
    let controller: Dispatcher.DispatchController | null = null
    let statusCode: number | null = null
    let answerHeaders: Answer['headers'] = {}
    const chunks: Buffer[] = []
    let bodyBytes = 0

    const settle = (result: HttpResult) => {
      if (settled) return
      settled = true
      signal.removeEventListener('abort', abort)
      resolve(result)
    }
    const fail = (error: unknown) => {
      const { code, text } = describe(error)
      settle(started ? { kind: 'lost', code, text, statusCode } : { kind: 'not-sent', code, text })
    }
    const abort = () => {
      fail(signal.reason)
      controller?.abort(new Error('given up'))
    }

    if (signal.aborted) return fail(signal.reason)
    signal.addEventListener('abort', abort)
    pool.dispatch(
      { method, path, headers, body },
      {
        // undici calls this when it has a connection and before it writes the first byte, so it separates `not-sent` from
        // `lost`. A request that was aborted before is stopped here, and so is a second start, which would be a retry.
        onRequestStart(started_) {
          if (settled || started) return started_.abort(new Error('given up'))
          started = true
          controller = started_
        },
        onResponseStart(_, status, received) {
          statusCode = status
          answerHeaders = received
        },
        onResponseData(receiving, chunk) {
          bodyBytes += chunk.length
          chunks.push(chunk)
          if (bodyBytes > maxBodyBytes) receiving.abort(new Error(`the answer is larger than ${maxBodyBytes} bytes`))
        },
        onResponseEnd() {
          const text = Buffer.concat(chunks).toString('utf8')
          settle({ kind: 'answer', statusCode: statusCode ?? 0, headers: answerHeaders, body: text })
        },
        onResponseError: (_, error) => fail(error),
      },
    )
  })
}

function describe(error: unknown): { code: string; text: string } {
  if (!(error instanceof Error)) return { code: 'aborted', text: 'the call was given up' }
  if (error.name === 'TimeoutError') return { code: 'timeout', text: 'no answer within the limit' }
  if (error.name === 'AbortError') return { code: 'aborted', text: 'the call was given up' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'transport_error'
  // If several addresses refuse the connection, the AggregateError has an empty message.
  return { code, text: error.message || code }
}

const dayMs = 24 * 60 * 60 * 1000

/** `Retry-After` (seconds or an HTTP date) in milliseconds from now, at most a day; undefined if missing or malformed. */
export function retryAfterMs(headers: Answer['headers'], nowMs: number): number | undefined {
  const value = String(headers['retry-after'] ?? '').trim()
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Math.ceil(Number(value) * 1000), dayMs)
  const at = /^[A-Z][a-z]{2}/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - nowMs, 0), dayMs)
}
