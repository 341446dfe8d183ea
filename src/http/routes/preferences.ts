// The routes by which backends and support staff read and set a recipient's preferences. The latest change counts, whoever
// made it.
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { preferencesOf } from '../../consent/preferences.ts'
import type { Ctx } from '../../context.ts'
import { emailOf } from '../../domain/email-address.ts'
import { phoneOf } from '../../domain/phone-number.ts'
import { type PreferredChannel, preferredChannels, savePreferences } from '../../store/people/preferences.ts'
import { isLine } from '../../wire/fields.ts'
import { fieldsOnly } from '../../wire/fields-only.ts'
import { textQuery } from '../answers/page.ts'
import { shape } from '../answers/shapes.ts'
import type { RequireRight } from '../auth.ts'
import { recordSearch } from '../viewer.ts'
import { callerOf } from './actions.ts'

const params = z.object({
  recipientId: z.string().refine((id) => isLine(id, 200), 'must have 1 to 200 characters, all on one line'),
})

/** An id that is an address may be all that we know of a recipient, so a preference then covers the address too. */
function addressesIn(recipientId: string): Record<PreferredChannel, string | null> {
  return { email: emailOf(recipientId), sms: phoneOf(recipientId) }
}

const appQuery = fieldsOnly({
  app: textQuery
    .optional()
    .describe('The app that the id belongs to, with `RECIPIENT_IDS=per-app`. Default: the key’s name.'),
})

/** A key with an app's name acts for that app, as it does when it posts events. */
function scopeIn(ctx: Ctx, { caller, query }: FastifyRequest<{ Querystring: z.infer<typeof appQuery> }>): string {
  return ctx.scopeOf(query.app ?? caller.name)
}

/** Reports an unknown key as a fault at its own path. */
const nothingElse = (what: string) => z.custom(() => false, what)
const isAllowed = z.boolean('must be true or false').optional()
const always = 'must not be set: transactional messages are always sent'

const change = z
  .object(
    {
      product: z
        .object({ email: isAllowed, sms: isAllowed }, 'must be an object of channels')
        .catchall(nothingElse('is not a channel; use email or sms'))
        .meta({ additionalProperties: false })
        .optional(),
      transactional: z.undefined(always).optional(),
    },
    'must be an object of categories',
  )
  .catchall(nothingElse('is not a category that can be set; use product'))
  .meta({ id: 'PreferencesChange', additionalProperties: false })

export function preferenceRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  return async (server) => {
    const show = async (recipientId: string, app: string) => ({
      product: await preferencesOf(ctx, ctx.reads.db, { recipientId, app, ...addressesIn(recipientId) }),
    })

    server.get(
      '/v1/preferences/:recipientId',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'getPreferences',
          tags: ['Recipients'],
          summary: 'The preferences of a recipient',
          params,
          querystring: appQuery,
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
          operationId: 'setPreferences',
          tags: ['Recipients'],
          summary: 'Opt a recipient in or out; channels that are not named keep their setting',
          params,
          querystring: appQuery,
          body: change,
          response: { 200: shape.preferences },
        },
      },
      async (request) => {
        const { recipientId } = request.params
        const { product } = request.body
        const app = scopeIn(ctx, request)
        const addresses = addressesIn(recipientId)
        const changes = preferredChannels.flatMap((channel) => {
          const allowed = product?.[channel]
          return allowed === undefined ? [] : [{ channel, allowed, recipientId, app, address: addresses[channel] }]
        })
        const by = callerOf(request)
        await savePreferences(ctx.db, changes, by, ctx.clock.now())
        const set = Object.fromEntries(changes.map(({ channel, allowed }) => [channel, allowed]))
        ctx.log.info({ stage: 'preferences', by, ...set }, 'preferences set')
        return show(recipientId, app)
      },
    )
  }
}
