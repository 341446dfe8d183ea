// The routes that providers call: receipts, and text messages from people. Each request is verified over its raw body by
// the provider's own scheme, and stored before it is answered.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { inbound } from '../consent/inbound-sms.ts'
import type { Ctx } from '../context.ts'
import type { ConfiguredProvider } from '../providers/provider.ts'
import type { Refusal, Report, ReportHead } from '../providers/receipt-reader.ts'
import { record } from '../record/record.ts'
import { notFound, sendProblem } from './problem.ts'

export interface ReceiptOptions {
  ctx: Ctx
  /** By the provider's name. */
  providers: ReadonlyMap<string, Pick<ConfiguredProvider, 'receipts' | 'inbound'>>
  /** The base of the URLs that providers call; some sign its scheme and host. */
  publicUrl(): string
}

interface FromProvider {
  Params: { provider: string }
}

const mebibyte = 1024 * 1024
/** A provider may read the answer to a text as instructions; this document has none. */
const noInstructions = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

/** One scope for the routes that take raw bodies of any type. */
export async function receipts(server: FastifyInstance, options: ReceiptOptions): Promise<void> {
  const { ctx } = options
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  const receiptsOf = (request: FastifyRequest<FromProvider>) =>
    options.providers.get(request.params.provider)?.receipts ??
    throwNotFound('No provider of this name has receipts configured.')
  const inboundOf = (request: FastifyRequest<FromProvider>) =>
    options.providers.get(request.params.provider)?.inbound ??
    throwNotFound('No provider of this name has inbound texts configured.')
  /** Refuses an unknown provider, or a missing signature, before the body is read, so that it costs us no more. */
  const refuseEarly = (readerOf: typeof receiptsOf | typeof inboundOf) =>
    async function refuseByHead(request: FastifyRequest<FromProvider>, reply: FastifyReply) {
      const fault = readerOf(request).headFault?.(headOf(ctx, request))
      if (fault) return refuse(request, reply, request.params.provider, fault)
    }

  server.route<FromProvider>({
    // Some providers let an account choose among these methods.
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
      if (kept === null)
        return refuse(request, reply, provider, { status: 401, detail: 'This token has already been used.' })
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

function throwNotFound(detail: string): never {
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
  // Without a body, the query is the content; our own token is no part of it and must not be stored.
  const content = new URLSearchParams(head.query)
  content.delete('token')
  return {
    raw: Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : Buffer.from(content.toString()),
    ...head,
    url: publicUrl + request.url,
  }
}
