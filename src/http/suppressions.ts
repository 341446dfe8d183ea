// Addresses that must not be sent to, as people read and change the list. Providers add to it too: attempts, receipts, STOP.
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../context.ts'
import { emailOf, phoneOf } from '../domain/address.ts'
import { type PersonalChannel, personalChannels } from '../domain/notification.ts'
import { know, nobodyKnown } from '../privacy/known-addresses.ts'
import { maskAll } from '../privacy/mask.ts'
import {
  findSuppression,
  listSuppressions,
  putSuppression,
  removeSuppression,
  type SuppressionRow,
} from '../store/people/suppressions.ts'
import { keptText } from '../wire/fields.ts'
import type { RequireRight } from './auth.ts'
import { listAnswer, pageOf, pageQuery } from './page.ts'
import { notFound } from './problem.ts'
import { shape } from './shapes.ts'
import { recordReveal, recordSearch, sees } from './viewer.ts'

const none = 'This address is not on the list of this channel.'
const reveal = z.stringbool().default(false).describe('Show addresses to a viewer; the access is recorded.')

const whyNot = keptText.trim().min(1, 'must not be empty').max(200, 'must have at most 200 characters')

/** The address as planning compares it: an email in lower case, a phone number as E.164. */
const params = z
  .object({ channel: z.enum(personalChannels), address: z.string() })
  .transform(({ channel, address }, context): { channel: PersonalChannel; address: string } => {
    const known = channel === 'email' ? emailOf(address.trim())?.toLowerCase() : phoneOf(address.trim())
    if (!known)
      context.addIssue({
        code: 'custom',
        path: ['address'],
        message: channel === 'email' ? 'not an email address' : 'not a phone number in E.164, such as +14155550123',
      })
    return { channel, address: known ?? '' }
  })

export function suppressionRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  const showing = async (request: FastifyRequest, reveal: boolean, subject: string, rows: SuppressionRow[]) => {
    request.isMasked = true
    if (!sees(request, reveal)) return false
    const whose = rows.map((row) => row.address)
    await recordReveal(ctx, request, subject, whose)
    return true
  }
  return async (server) => {
    server.get(
      '/v1/suppressions',
      {
        onRequest: requireRight('read'),
        schema: {
          summary: 'Addresses that are not sent to, newest first',
          querystring: z.strictObject({ reveal, ...pageQuery }),
          response: { 200: z.object({ data: z.array(shape.suppression), nextCursor: z.string().nullable() }) },
        },
      },
      async (request) => {
        const { limit, cursor, reveal } = request.query
        const rows = await listSuppressions(ctx.db, pageOf({ limit, cursor }))
        const show = await showing(request, reveal, 'suppressions', rows.slice(0, limit))
        return listAnswer(
          rows,
          limit,
          (row) => ({ at: row.created_at, id: row.id }),
          (row) => showSuppression(row, show),
        )
      },
    )
    server.get(
      '/v1/suppressions/:channel/:address',
      {
        onRequest: requireRight('read'),
        schema: {
          summary: 'Why an address is not sent to',
          params,
          querystring: z.strictObject({ reveal }),
          response: { 200: shape.suppression },
        },
      },
      async (request) => {
        const { channel, address } = request.params
        await recordSearch(ctx, request, 'suppressions', [address])
        const row = await findSuppression(ctx.db, channel, address)
        if (!row) throw notFound(none)
        return showSuppression(row, await showing(request, request.query.reveal, `suppression ${row.id}`, [row]))
      },
    )
    server.put(
      '/v1/suppressions/:channel/:address',
      {
        onRequest: requireRight('act'),
        schema: {
          summary: 'Send nothing to this address any more',
          params,
          body: z.strictObject({ reason: whyNot }),
          response: { 200: shape.suppression },
        },
      },
      async (request) => {
        const { reason } = request.body
        const { name } = request.caller
        const row = await putSuppression(ctx.db, {
          ...request.params,
          reason,
          source: name,
          created_at: ctx.clock.now(),
        })
        ctx.log.info({ stage: 'suppressions', channel: row.channel, suppression: row.id, by: name }, 'put on the list')
        return showSuppression(row, true)
      },
    )
    server.delete(
      '/v1/suppressions/:channel/:address',
      {
        onRequest: requireRight('act'),
        schema: { summary: 'Let this address be sent to again', params, response: { 204: z.undefined() } },
      },
      async (request, reply) => {
        const { channel, address } = request.params
        if (!(await removeSuppression(ctx.db, channel, address))) throw notFound(none)
        ctx.log.info({ stage: 'suppressions', channel, by: request.caller.name }, 'taken off the list')
        return reply.code(204).send(undefined)
      },
    )
  }
}

function showSuppression(row: SuppressionRow, show: boolean): z.input<typeof shape.suppression> {
  const shown = {
    channel: row.channel,
    address: row.address,
    reason: row.reason,
    source: row.source,
    createdAt: row.created_at.toISOString(),
  }
  // Whoever gave the reason may have named another address of the same person.
  return show ? shown : maskAll(shown, know({ ...nobodyKnown(), isGuessed: true }, [row.address]))
}
