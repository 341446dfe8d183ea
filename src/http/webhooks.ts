// Webhooks in: the raw body is verified by its source, then accept.ts stores it before the answer is sent.
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import { type Accepted, accept } from '../accept/accept.ts'
import type { Ctx } from '../context.ts'
import { bodyId } from '../sources/app/envelope.ts'
import type { Source, Translation } from '../sources/source.ts'
import type { KeyOf, RequireRight } from './auth.ts'
import { badRequest, sendProblem } from './problem.ts'

export const mebibyte = 1024 * 1024
/** As the webhook-id of a signed one. */
const longestId = 256
/** Unknown apps and keys are counted as one, whatever they are called. No source has this name. */
const nobody = ''

interface ToApp {
  Params: { app: string }
}

export interface WebhookOptions {
  ctx: Ctx
  stripe: Source | null
  razorpay: Source | null
  app(name: string): Source | null
  translateApp(raw: Buffer): Translation
  keyOf: KeyOf
  requireRight: RequireRight
  /** Most requests a minute from one address to one source. */
  ratePerMinute: number
}

/** One scope for everything that takes raw bodies. */
export async function webhooks(server: FastifyInstance, options: WebhookOptions): Promise<void> {
  const { ctx, requireRight } = options
  takeRawJson(server)
  await server.register(rateLimit, {
    global: false,
    max: options.ratePerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => `${sourceNameOf(options, request) ?? nobody} ${request.ip}`,
  })
  // One for all routes: they share its counts.
  const limited = server.rateLimit()
  const webhook = { bodyLimit: mebibyte, onRequest: limited, schema: { hide: true } }

  server.post('/webhooks/stripe', webhook, (request, reply) => receive(ctx, options.stripe, request, reply))
  server.post('/webhooks/razorpay', webhook, (request, reply) => receive(ctx, options.razorpay, request, reply))
  server.post<ToApp>('/webhooks/apps/:app', webhook, (request, reply) =>
    receive(ctx, options.app(request.params.app), request, reply),
  )
  server.post(
    '/v1/events',
    { bodyLimit: 10 * mebibyte, onRequest: [limited, requireRight('produce')], schema: { hide: true } },
    async (request, reply) => {
      const raw = bodyOf(request)
      const sourceId = sourceIdOf(request, raw)
      const translation = options.translateApp(raw)
      const incoming = { source: request.caller.name, sourceId, raw, translation, answersForItsData: true }
      return answer(reply, await accept(ctx, incoming))
    },
  )
}

/** By what it will be stored under, not by how its URL was written; undefined where it is no source's. */
function sourceNameOf(options: WebhookOptions, request: FastifyRequest): string | undefined {
  switch (request.routeOptions.url) {
    case '/webhooks/stripe':
      return options.stripe?.name
    case '/webhooks/razorpay':
      return options.razorpay?.name
    case '/v1/events':
      return options.keyOf(request)?.name
    default:
      return options.app((request.params as ToApp['Params']).app)?.name
  }
}

/** JSON as its bytes: what is signed, and what is kept. */
export function takeRawJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

async function receive(
  ctx: Ctx,
  source: Source | null,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!source) return sendProblem(reply, { status: 404, detail: 'No source of this name is configured.' })
  const raw = bodyOf(request)
  const verified = source.verify(raw, request.headers, ctx.clock.now().getTime())
  if (!verified.ok) {
    request.log.info({ stage: 'accept', source: source.name, status: verified.status }, 'webhook refused')
    return sendProblem(reply, verified)
  }
  const translation = source.translate(raw)
  const { name, answersForItsData } = source
  return answer(
    reply,
    await accept(ctx, { source: name, sourceId: verified.sourceId, raw, translation, answersForItsData }),
  )
}

function answer(reply: FastifyReply, accepted: Accepted): FastifyReply {
  if (!accepted.ok) return sendProblem(reply, accepted)
  const status = accepted.status === 'ignored' ? 'ignored' : 'accepted'
  return reply.send({ id: accepted.id, duplicate: accepted.duplicate, status })
}

export function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
}

/** What makes a repeat of an event on this API a duplicate; one of its own where the sender says nothing. */
export function sourceIdOf(request: FastifyRequest, raw: Buffer): string {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || key === '') return bodyId(raw) ?? uuidv7()
  if (key.length > longestId || /\p{Cc}/u.test(key))
    throw badRequest(`The Idempotency-Key must have at most ${longestId} characters on one line.`)
  return key
}
