// The schemas of the routes that take events, for the OpenAPI document: the bodies are checked by their sources, over raw bytes.
import { z } from 'zod'
import type { ProblemCode } from '../../domain/problem.ts'
import { vendorSources } from '../../sources/index.ts'
import { postedEvent } from '../openapi/event-schemas.ts'

/** The limit of a signed webhook's id, too. */
export const maxIdLength = 256

const accepted = z
  .object({
    id: z.string().describe('Our id of the event; of a duplicate, the first one’s.'),
    duplicate: z.boolean(),
    status: z.enum(['accepted', 'ignored']).describe('`ignored`: kept, and no notifier listens to its type.'),
    stopped: z.number().optional().describe('How many waiting notifications of other events it has cancelled.'),
    hint: z.string().optional().describe('What the sender may have meant instead, or not expect.'),
  })
  .meta({
    id: 'Accepted',
    examples: [{ id: '0198c0de-0000-7000-8000-000000000000', duplicate: false, status: 'accepted' }],
  })

const common = { response: { 200: accepted } }
const faults: ProblemCode[] = [
  'not_an_event',
  'event_invalid',
  'event_too_much',
  'too_many_requests',
  'database_unavailable',
]
const ofSigned: ProblemCode[] = [
  ...(['signature_missing', 'signature_invalid', 'timestamp_out_of_tolerance', 'source_unknown'] as const),
  ...faults,
]

/** Anything, as the source reads it. */
const raw = (meta: Record<string, unknown>) => z.custom<Buffer>().meta(meta)

export const webhookSchemas = {
  vendor: {
    ...common,
    operationId: 'receiveVendorWebhook',
    tags: ['Webhooks'],
    summary: 'A webhook of a payment provider',
    description: 'What becomes of it is in docs/payments.md.',
    params: z.object({ source: z.string().meta({ enum: vendorSources.map(({ name }) => name) }) }),
    body: raw({ type: 'object', description: 'As the vendor signs it.' }),
    security: vendorSources.map(({ name }) => ({ [`${name}Signature`]: [] })),
    problems: [...ofSigned, 'source_not_configured'] as ProblemCode[],
  },
  app: {
    ...common,
    operationId: 'receiveAppWebhook',
    tags: ['Webhooks'],
    summary: 'An event that an app has signed as a Standard Webhook',
    description: 'The `svix-*` names of the three headers are taken too. docs/sending.md shows how to sign.',
    params: z.object({ app: z.string().describe('Its name in `APP_WEBHOOK_SECRETS`.') }),
    body: raw(postedEvent),
    security: [{ webhookId: [], webhookTimestamp: [], webhookSignature: [] }],
    problems: ofSigned,
  },
  event: {
    ...common,
    operationId: 'postEvent',
    tags: ['Events'],
    summary: 'Post an event',
    description: 'The key’s name is the app. Without `Idempotency-Key` and `id`, each POST is a new event.',
    headers: z.looseObject({
      'idempotency-key': z
        .string()
        .optional()
        .describe(`Makes a repeat a duplicate, at any later time; at most ${maxIdLength} characters.`),
    }),
    body: raw(postedEvent),
    problems: faults,
  },
}
