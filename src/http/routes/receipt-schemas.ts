// The schemas of the routes that providers call, for the OpenAPI document: the bodies are checked by each provider's reader.
import { z } from 'zod'
import type { ProblemCode } from '../../domain/problem.ts'
import { allVendors } from '../../providers/index.ts'
import type { Vendor } from '../../providers/provider.ts'

const problems: ProblemCode[] = [
  ...([
    'signature_missing',
    'signature_invalid',
    'not_a_report',
    'provider_unknown',
    'provider_not_configured',
  ] as const),
  ...(['too_many_requests', 'database_unavailable'] as const),
]

const common = {
  tags: ['Reports'],
  description: 'Verified by the provider’s own scheme over the raw request (docs/providers.md).',
  problems,
}

function paramsFor(kind: keyof Vendor['reportSettings']) {
  const names = allVendors.filter(({ reportSettings }) => reportSettings[kind]).map(({ name }) => name)
  return z.object({ provider: z.string().meta({ enum: names }) })
}

const body = z.custom<Buffer>().meta({ description: 'As the provider posts it.' })
const counted = z
  .object({ receipts: z.number().describe('How many of the receipts in it are new.') })
  .meta({ id: 'ReportTaken' })

/** Some providers put the report into the query. */
export function receiptSchema(method: 'GET' | 'POST' | 'PUT') {
  return {
    ...common,
    operationId: { GET: 'reportByGet', POST: 'report', PUT: 'reportByPut' }[method],
    summary: 'A report of a provider, with receipts',
    params: paramsFor('receipts'),
    ...(method !== 'GET' && { body, consumes: ['application/json', 'application/x-www-form-urlencoded'] }),
    response: { 200: counted },
  }
}

export const inboundSchema = {
  ...common,
  operationId: 'receiveText',
  summary: 'A text message from a person: STOP, START, HELP',
  params: paramsFor('inbound'),
  body,
  consumes: ['application/x-www-form-urlencoded'],
  response: {
    200: { description: 'Taken; a document without instructions', content: { 'text/xml': { schema: z.string() } } },
  },
}
