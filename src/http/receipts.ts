// What providers call us back with: receipts of messages, and texts that people sent. Verified by each provider's own
// scheme over the raw body, then kept by record.ts or consent/inbound-sms.ts before the answer is sent.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { inbound } from '../consent/inbound-sms.ts'
import type { Ctx } from '../context.ts'
import type { InboundReader, ReceiptReader, Report } from '../providers/receipt-reader.ts'
import { record } from '../record/record.ts'
import { sendProblem } from './problem.ts'

export interface ReceiptOptions {
  ctx: Ctx
  receiptReaders: Record<string, ReceiptReader>
  inboundReaders: Record<string, InboundReader>
  /** What providers were told to call: its host and scheme are part of what some of them sign. */
  publicUrl(): string
}

const mebibyte = 1024 * 1024
/** Twilio reads an answer as instructions; this one has none. */
const noInstructions = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

/** One scope for everything that takes raw bodies of any type. */
export async function receipts(server: FastifyInstance, options: ReceiptOptions): Promise<void> {
  const { ctx } = options
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

  server.route<{ Params: { provider: string } }>({
    // Vonage and Fast2SMS may be set to call in any of these ways.
    method: ['GET', 'POST', 'PUT'],
    url: '/receipts/:provider',
    exposeHeadRoute: false,
    bodyLimit: mebibyte,
    schema: { hide: true },
    handler: async (request, reply) => {
      const { provider } = request.params
      const reader = options.receiptReaders[provider]
      if (!reader) return sendProblem(reply, { status: 404, detail: 'No receipts of this provider are configured.' })
      const report = reportOf(ctx, request, options.publicUrl())
      const read = reader.read(report)
      if (!read.ok) return refuse(request, reply, provider, read)
      const kept = await record(ctx, { provider, raw: report.raw, receipts: read.receipts, once: read.once ?? null })
      if (kept === null) return refuse(request, reply, provider, { status: 401, detail: 'Its token was used before.' })
      return reply.send({ receipts: kept })
    },
  })

  server.post<{ Params: { provider: string } }>(
    '/inbound/:provider',
    { bodyLimit: mebibyte, schema: { hide: true } },
    async (request, reply) => {
      const { provider } = request.params
      const reader = options.inboundReaders[provider]
      if (!reader) return sendProblem(reply, { status: 404, detail: 'No texts of this provider are configured.' })
      const read = reader.read(reportOf(ctx, request, options.publicUrl()))
      if (!read.ok) return refuse(request, reply, provider, read)
      await inbound(ctx, provider, read.text)
      return reply.type('text/xml').send(noInstructions)
    },
  )
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  provider: string,
  problem: { status: number; detail: string },
): FastifyReply {
  request.log.warn({ stage: 'record', provider, status: problem.status }, 'report refused')
  return sendProblem(reply, problem)
}

function reportOf(ctx: Ctx, request: FastifyRequest, publicUrl: string): Report {
  const query = new URLSearchParams(request.url.split('?', 2)[1] ?? '')
  // Where there is no body, all that is said stands in the query; our own token is not a part of it, nor is it kept.
  const said = new URLSearchParams(query)
  said.delete('token')
  return {
    raw: Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : Buffer.from(said.toString()),
    headers: request.headers,
    query,
    url: publicUrl + request.url,
    nowMs: ctx.clock.now().getTime(),
  }
}
