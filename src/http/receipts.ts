// What providers call us with: receipts of messages, and texts that people sent. Verified by each provider's own scheme
// over the raw body, and kept before the answer is sent.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { inbound } from '../consent/inbound-sms.ts'
import type { Ctx } from '../context.ts'
import type { ConfiguredProvider } from '../providers/provider.ts'
import type { Refusal, Report, ReportHead } from '../providers/receipt-reader.ts'
import { record } from '../record/record.ts'
import { notFound, sendProblem } from './problem.ts'

export interface ReceiptOptions {
  ctx: Ctx
  /** By name. */
  providers: ReadonlyMap<string, Pick<ConfiguredProvider, 'receipts' | 'inbound'>>
  /** What providers were told to call: its host and scheme are part of what some of them sign. */
  publicUrl(): string
}

interface FromProvider {
  Params: { provider: string }
}

const mebibyte = 1024 * 1024
/** A provider may read the answer to a text as instructions; this one has none. */
const noInstructions = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

/** One scope for everything that takes raw bodies of any type. */
export async function receipts(server: FastifyInstance, options: ReceiptOptions): Promise<void> {
  const { ctx } = options
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  const receiptsOf = (request: FastifyRequest<FromProvider>) =>
    options.providers.get(request.params.provider)?.receipts ?? nobody('No receipts of this provider are configured.')
  const inboundOf = (request: FastifyRequest<FromProvider>) =>
    options.providers.get(request.params.provider)?.inbound ?? nobody('No texts of this provider are configured.')
  /** Before a body is read: who is no provider of ours, or shows no proof where it should, costs us no more than that. */
  const refuseEarly = (readerOf: typeof receiptsOf | typeof inboundOf) =>
    async function refuseByHead(request: FastifyRequest<FromProvider>, reply: FastifyReply) {
      const fault = readerOf(request).headFault?.(headOf(ctx, request))
      if (fault) return refuse(request, reply, request.params.provider, fault)
    }

  server.route<FromProvider>({
    // Some providers may be set to call in any of these ways.
    method: ['GET', 'POST', 'PUT'],
    url: '/receipts/:provider',
    exposeHeadRoute: false,
    bodyLimit: mebibyte,
    schema: { hide: true },
    onRequest: refuseEarly(receiptsOf),
    handler: async (request, reply) => {
      const { provider } = request.params
      const report = reportOf(ctx, request, options.publicUrl())
      const read = receiptsOf(request).read(report)
      if (!read.ok) return refuse(request, reply, provider, read)
      const kept = await record(ctx, { provider, raw: report.raw, receipts: read.receipts, once: read.once ?? null })
      if (kept === null) return refuse(request, reply, provider, { status: 401, detail: 'Its token was used before.' })
      return reply.send({ receipts: kept })
    },
  })

  server.post<FromProvider>(
    '/inbound/:provider',
    { bodyLimit: mebibyte, schema: { hide: true }, onRequest: refuseEarly(inboundOf) },
    async (request, reply) => {
      const { provider } = request.params
      const read = inboundOf(request).read(reportOf(ctx, request, options.publicUrl()))
      if (!read.ok) return refuse(request, reply, provider, read)
      await inbound(ctx, provider, read.text)
      return reply.type('text/xml').send(noInstructions)
    },
  )
}

function nobody(detail: string): never {
  throw notFound(detail)
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  provider: string,
  problem: Pick<Refusal, 'status' | 'detail'>,
): FastifyReply {
  request.log.warn({ stage: 'record', provider, status: problem.status }, 'report refused')
  return sendProblem(reply, problem)
}

function headOf(ctx: Ctx, request: FastifyRequest): ReportHead {
  const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '')
  return { headers: request.headers, query, nowMs: ctx.clock.now().getTime() }
}

function reportOf(ctx: Ctx, request: FastifyRequest, publicUrl: string): Report {
  const head = headOf(ctx, request)
  // Where there is no body, all that is said stands in the query; our own token is not a part of it, nor is it kept.
  const said = new URLSearchParams(head.query)
  said.delete('token')
  return {
    raw: Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : Buffer.from(said.toString()),
    ...head,
    url: publicUrl + request.url,
  }
}
