// The routes that take webhooks and events: each is verified by its source over the raw body, accepted, then answered.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { v7 as uuidv7 } from 'uuid'
import type { Accept, Accepted } from '../../accept/accept.ts'
import type { Arrival } from '../../accept/validate.ts'
import type { Ctx } from '../../context.ts'
import { requestStep } from '../../observe/steps.ts'
import { type Sources, vendorSources } from '../../sources/index.ts'
import type { RefusedWebhook, Source, Translation, Webhooks } from '../../sources/source.ts'
import { oneByOne } from '../../store/batch.ts'
import { mebibyte } from '../../wire/sizes.ts'
import type { RequireRight } from '../auth.ts'
import { badRequest, type Problem, sendProblem } from '../problems/problem.ts'
import type { RefusalLog } from '../problems/refusal-log.ts'
import { addressOf } from '../problems/refusals.ts'
import { rawBody } from '../raw-body.ts'
import { maxIdLength, webhookSchemas } from './webhook-schemas.ts'

/** Unknown sources share one count of the rate limit. No source has this name. */
const unknownSender = ''

/** Parsed, a large body takes many times its size, so a process accepts one at a time. */
const oneLargeAtATime = oneByOne()

type Sender = Source & { webhooks: Webhooks }

export interface WebhookOptions {
  ctx: Ctx
  accept: Accept
  requireRight: RequireRight
  refusalLog: RefusalLog
  /** Maximum requests per minute from one IP address to one source. */
  ratePerMinute: number
}

/** One scope for the routes that take raw bodies. */
export async function webhooks(server: FastifyInstance, options: WebhookOptions): Promise<void> {
  const { ctx, accept, requireRight } = options
  const { sources } = ctx
  takeRawJson(server)
  // One limiter for all routes, so that they share its counts.
  const limited = server.rateLimit({
    max: options.ratePerMinute,
    keyGenerator(request) {
      // By the name that the event is stored under, not by the spelling of the URL.
      const sender = request.routeOptions.url === '/v1/events' ? request.caller : senderOf(sources, request)
      return `${sender?.name ?? unknownSender} ${addressOf(request)}`
    },
  })
  const nowMs = () => ctx.clock.now().getTime()

  /** Refuses by the headers before the body is read, so that a sender without a signature cannot make us buffer one. */
  async function refuseByHead(request: FastifyRequest, reply: FastifyReply) {
    const source = senderOf(sources, request)
    if (!source) return sendProblem(reply, noSource(request))
    const fault = source.webhooks.headFault(request.headers, nowMs())
    return fault ? refuse(request, reply, source, fault) : undefined
  }

  function refuse(request: FastifyRequest, reply: FastifyReply, { name }: Source, fault: RefusedWebhook): FastifyReply {
    const { status, detail, code = status === 401 ? 'signature_invalid' : 'not_an_event' } = fault
    options.refusalLog.add(request, { stage: 'accept', source: name, status, code }, 'webhook refused')
    return sendProblem(reply, { code, detail })
  }

  async function receive(request: FastifyRequest, reply: FastifyReply) {
    const source = senderOf(sources, request)
    if (!source) throw new Error('a webhook without a source passed the check of its headers')
    const raw = bodyOf(request)
    const read = source.webhooks.read(raw, request.headers, nowMs())
    if (!read.ok) return refuse(request, reply, source, read)
    const { name, reportsFaultsToSender } = source
    const { sourceId } = read
    const translation = await read.translation
    const arrival = arrivalOf(request, reply, reportsFaultsToSender)
    return answer(reply, await accept({ source: name, sourceId, raw, translation, reportsFaultsToSender, arrival }))
  }

  /** The trace of an app's request goes on here; a vendor's is ignored. */
  function arrivalOf(request: FastifyRequest, reply: FastifyReply, isApp: boolean): Arrival {
    const { method, routeOptions, url, protocol: scheme } = request
    const [path = url] = url.split('?', 1)
    const startedAt = new Date(nowMs() - reply.elapsedTime)
    const step = requestStep({ method, route: routeOptions.url ?? path, path, scheme }, startedAt)
    return { step, traceparent: isApp ? request.headers.traceparent : undefined }
  }

  const webhook = { bodyLimit: mebibyte, onRequest: [limited, refuseByHead] }
  server.post('/webhooks/:source', { ...webhook, schema: webhookSchemas.vendor }, receive)
  server.post('/webhooks/apps/:app', { ...webhook, schema: webhookSchemas.app }, receive)
  server.post(
    '/v1/events',
    { bodyLimit: 10 * mebibyte, onRequest: [requireRight('produce'), limited], schema: webhookSchemas.event },
    async (request, reply) => {
      const raw = bodyOf(request)
      const { name } = request.caller
      const acceptEvent = async () => {
        const translation = await sources.named(name).translate(raw)
        const sourceId = sourceIdOf(request, translation)
        const arrival = arrivalOf(request, reply, true)
        return accept({ source: name, sourceId, raw, translation, reportsFaultsToSender: true, arrival })
      }
      return answer(reply, await (raw.length > mebibyte ? oneLargeAtATime(acceptEvent) : acceptEvent()))
    },
  )
}

/** The source of a webhook; null where no source of this name takes webhooks. */
function senderOf(sources: Sources, { params }: FastifyRequest): Sender | null {
  const { source = unknownSender, app } = params as { source?: string; app?: string }
  const sender = app === undefined ? sources.vendor(source) : sources.app(app)
  return sender && takesWebhooks(sender) ? sender : null
}

/** Why a path is no source's. */
function noSource({ params }: FastifyRequest): Problem {
  const { source, app } = params as { source?: string; app?: string }
  if (app !== undefined)
    return { code: 'source_unknown', detail: 'No app of this name has a secret in APP_WEBHOOK_SECRETS.' }
  const known = vendorSources.find(({ name }) => name === source)
  if (known)
    return {
      code: 'source_not_configured',
      detail: `${known.webhookSetting} is not set in this service, so webhooks of ${known.name} cannot be verified: set it, and start again.`,
    }
  const names = vendorSources.map(({ name }) => `/webhooks/${name}`)
  const detail = `No vendor has this path. Vendors post to ${names.join(' or ')}, apps to /webhooks/apps/<app>.`
  return { code: 'source_unknown', detail }
}

function takesWebhooks(source: Source): source is Sender {
  return source.webhooks !== null
}

/** Keeps JSON bodies as bytes, which are what is signed and stored. */
export function takeRawJson(server: FastifyInstance): void {
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, rawBody)
}

function answer(reply: FastifyReply, accepted: Accepted): FastifyReply {
  if (!accepted.ok) return sendProblem(reply, accepted)
  const status = accepted.status === 'ignored' ? 'ignored' : 'accepted'
  const { id, duplicate, stopped, hint } = accepted
  return reply.send({ id, duplicate, status, ...(stopped > 0 && { stopped }), ...(hint && { hint }) })
}

export function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
}

/** The id that makes a repeat a duplicate: the Idempotency-Key, else the body's id, else a new one. */
export function sourceIdOf(request: FastifyRequest, translation: Translation): string {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || key === '') return ('id' in translation && translation.id) || uuidv7()
  if (key.length > maxIdLength || /\p{Cc}/u.test(key))
    throw badRequest(`The Idempotency-Key must have at most ${maxIdLength} characters on one line.`)
  return key
}
