// The routes that providers call: receipts, and text messages from people. Each request is verified over its raw body by
// the provider's own scheme, and stored before it is answered.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { inbound } from '../../consent/inbound-sms.ts'
import type { Ctx } from '../../context.ts'
import { allVendors } from '../../providers/index.ts'
import type { ConfiguredProvider, Vendor } from '../../providers/provider.ts'
import type { InboundReader, ReceiptReader, Refusal, Report, ReportHead } from '../../providers/receipt-reader.ts'
import { receiptReaders } from '../../record/receipt-readers.ts'
import { makeRecord } from '../../record/record.ts'
import { mebibyte } from '../../wire/sizes.ts'
import type { Problem } from '../problems/problem.ts'
import type { Refuse } from '../problems/refusals.ts'
import { rawBody } from '../raw-body.ts'
import { inboundSchema, receiptSchema } from './receipt-schemas.ts'

export interface ReceiptOptions {
  ctx: Ctx
  /** By the provider's name. */
  providers: ReadonlyMap<string, Pick<ConfiguredProvider, 'receipts' | 'receiptsBy' | 'inbound'>>
  /** The base of the URLs that providers call; some sign its scheme and host. */
  publicUrl(): string
  /** Counts the refusals of each provider's reports. */
  refuse: Refuse
}

interface FromProvider {
  Params: { provider: string }
}

/** A provider may read the answer to a text as instructions; this document has none. */
const noInstructions = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

/** One scope for the routes that take raw bodies of any type. */
export async function receipts(server: FastifyInstance, options: ReceiptOptions): Promise<void> {
  const { ctx } = options
  const record = makeRecord(ctx)
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, rawBody)

  const readerOf = receiptReaders(ctx, options.providers)
  const receiptsOf = (request: FastifyRequest<FromProvider>) => readerOf(request.params.provider)
  const inboundOf = (request: FastifyRequest<FromProvider>) => options.providers.get(request.params.provider)?.inbound
  const refuse = (request: FastifyRequest<FromProvider>, reply: FastifyReply, problem: Problem) =>
    options.refuse(request, reply, {
      problem,
      text: 'report refused',
      // An unknown name is any text.
      fields: { stage: 'record', ...(isKnown(request.params.provider) && { provider: request.params.provider }) },
    })
  /** Refuses an unknown provider, or a missing signature, before the body is read, so that it costs us no more. */
  const refuseEarly = (readerFor: ReaderFor, kind: ReportKind) =>
    async function refuseByHead(request: FastifyRequest<FromProvider>, reply: FastifyReply) {
      const reader = await readerFor(request)
      if (!reader) return refuse(request, reply, noReader(request.params.provider, kind))
      const fault = reader.headFault?.(headOf(ctx, request))
      return fault ? refuse(request, reply, problemFor(fault)) : undefined
    }

  // Some providers let an account choose among these methods.
  for (const method of ['GET', 'POST', 'PUT'] as const)
    server.route<FromProvider>({
      method,
      url: '/receipts/:provider',
      exposeHeadRoute: false,
      bodyLimit: mebibyte,
      schema: receiptSchema(method),
      onRequest: refuseEarly(receiptsOf, 'receipts'),
      handler: async (request, reply) => {
        const { provider } = request.params
        const report = reportOf(ctx, request, options.publicUrl())
        const read = known(await receiptsOf(request)).read(report)
        if (!read.ok) return refuse(request, reply, problemFor(read))
        const fresh = await record({ provider, raw: report.raw, receipts: read.receipts, once: read.once ?? null })
        if (fresh === null)
          return refuse(request, reply, { code: 'signature_invalid', detail: 'This token has already been used.' })
        return reply.send({ receipts: fresh })
      },
    })

  server.post<FromProvider>(
    '/inbound/:provider',
    { bodyLimit: mebibyte, schema: inboundSchema, onRequest: refuseEarly(inboundOf, 'inbound') },
    async (request, reply) => {
      const { provider } = request.params
      const read = known(inboundOf(request)).read(reportOf(ctx, request, options.publicUrl()))
      if (!read.ok) return refuse(request, reply, problemFor(read))
      await inbound(ctx, provider, read.text)
      return reply.type('text/xml').send(noInstructions)
    },
  )
}

type AnyReader = ReceiptReader | InboundReader
type ReaderFor = (request: FastifyRequest<FromProvider>) => Promise<AnyReader | null> | AnyReader | null | undefined

type ReportKind = keyof Vendor['reportSettings']
const reportNames: Record<ReportKind, string> = { receipts: 'receipts', inbound: 'inbound texts' }

function isKnown(provider: string): boolean {
  return allVendors.some(({ name }) => name === provider)
}

/** Why a provider's reports of this kind cannot be read. */
function noReader(provider: string, kind: ReportKind): Problem {
  const what = reportNames[kind]
  const vendor = allVendors.find(({ name }) => name === provider)
  const setting = vendor?.reportSettings[kind]
  return setting
    ? {
        code: 'provider_not_configured',
        detail: `${setting} is not set, so ${what} of ${vendor.title} cannot be verified.`,
      }
    : { code: 'provider_unknown', detail: `No provider of this name sends ${what}.` }
}

function problemFor({ status, detail }: Refusal): Problem {
  return { code: status === 401 ? 'signature_invalid' : 'not_a_report', detail }
}

function known<T>(reader: T | null | undefined): T {
  if (!reader) throw new Error('a report without a reader passed the check of its head')
  return reader
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
