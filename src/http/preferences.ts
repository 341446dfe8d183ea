// Who gets what they may leave, as backends and support staff read and change it. The person's own word comes by the link in
// a message (unsubscribe.ts); the last word counts, whoever said it.
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../context.ts'
import { emailOf, phoneOf } from '../domain/address.ts'
import { keepWords, type PreferredChannel, preferencesOf, preferredChannels } from '../store/people/preferences.ts'
import { isLine } from '../wire/fields.ts'
import { callerOf } from './actions.ts'
import type { RequireRight } from './auth.ts'
import { textQuery } from './page.ts'
import { shape } from './shapes.ts'
import { recordSearch } from './viewer.ts'

const params = z.object({
  recipientId: z.string().refine((id) => isLine(id, 200), 'must have 1 to 200 characters, all on one line'),
})

/** Where the id reads as an address it may be all that is known of somebody, so what is said of it is said of both. */
function addressesIn(recipientId: string): Record<PreferredChannel, string | null> {
  return { email: emailOf(recipientId), sms: phoneOf(recipientId) }
}

const whose = z.strictObject({
  app: textQuery
    .optional()
    .describe('Whose id it is, with `RECIPIENT_IDS=per-app`; the key’s name where nothing is said.'),
})

/** An app may ask by a key of its own name, as it may post events by one. */
function scopeIn(ctx: Ctx, { caller, query }: FastifyRequest<{ Querystring: z.infer<typeof whose> }>): string {
  return ctx.scopeOf(query.app ?? caller.name)
}

/** Whatever else is named is a fault at its own path. */
const nothingElse = (what: string) => z.custom(() => false, what)
const isAllowed = z.boolean('must be true or false').optional()
const always = 'Transactional messages are always sent: there is nothing to choose.'

const change = z
  .object(
    {
      product: z
        .object({ email: isAllowed, sms: isAllowed }, 'must be an object of channels')
        .catchall(nothingElse('is not a channel; there are email and sms'))
        .meta({ additionalProperties: false })
        .optional(),
      transactional: z.undefined(always).optional(),
    },
    'must be an object of categories',
  )
  .catchall(nothingElse('is not a category that can be chosen; there is product'))
  .meta({ additionalProperties: false })

export function preferenceRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  return async (server) => {
    const show = async (recipientId: string, app: string) => ({
      product: await preferencesOf(ctx.db, { recipientId, app, ...addressesIn(recipientId) }),
    })

    server.get(
      '/v1/preferences/:recipientId',
      {
        onRequest: requireRight('read'),
        schema: {
          summary: 'What this recipient gets of the messages that they may leave',
          params,
          querystring: whose,
          response: { 200: shape.preferences },
        },
      },
      async (request) => {
        const { recipientId } = request.params
        await recordSearch(ctx, request, 'preferences', [recipientId])
        return show(recipientId, scopeIn(ctx, request))
      },
    )
    server.put(
      '/v1/preferences/:recipientId',
      {
        onRequest: requireRight('act'),
        schema: {
          summary: 'Opt this recipient in or out; what is not named stays as it is',
          params,
          querystring: whose,
          body: change,
          response: { 200: shape.preferences },
        },
      },
      async (request) => {
        const { recipientId } = request.params
        const { product } = request.body
        const app = scopeIn(ctx, request)
        const addresses = addressesIn(recipientId)
        const words = preferredChannels.flatMap((channel) => {
          const allowed = product?.[channel]
          return allowed === undefined ? [] : [{ channel, allowed, recipientId, app, address: addresses[channel] }]
        })
        const by = callerOf(request)
        await keepWords(ctx.db, words, by, ctx.clock.now())
        const said = Object.fromEntries(words.map(({ channel, allowed }) => [channel, allowed]))
        ctx.log.info({ stage: 'preferences', by, ...said }, 'preferences were set')
        return show(recipientId, app)
      },
    )
  }
}
