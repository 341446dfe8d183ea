// The routes that list, read, add and remove suppressions.
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { YieldTurn } from '../../clock.ts'
import type { Ctx } from '../../context.ts'
import { emailFault, emailOf } from '../../domain/email-address.ts'
import { type PersonalChannel, personalChannels } from '../../domain/notification.ts'
import { phoneOf } from '../../domain/phone-number.ts'
import { addAddresses, noKnownAddresses } from '../../privacy/known-addresses.ts'
import { maskAll } from '../../privacy/mask.ts'
import {
  findSuppression,
  listSuppressions,
  putSuppression,
  removeSuppression,
  type SuppressionRow,
} from '../../store/people/suppressions.ts'
import { storableText } from '../../wire/fields.ts'
import { fieldsOnly } from '../../wire/fields-only.ts'
import { flagQuery, listAnswer, listShape, pageOf, pageQuery, textQuery } from '../answers/page.ts'
import { shape } from '../answers/shapes.ts'
import type { RequireRight } from '../auth.ts'
import { notFound } from '../problems/problem.ts'
import { maySee, recordReveal, recordSearch } from '../viewer.ts'

const notSuppressed = 'This address is not suppressed on this channel.'
const reveal = flagQuery('Show addresses to a viewer; the access is recorded.')

const reasonText = storableText.trim().min(1, 'must not be empty').max(200, 'must have at most 200 characters')

/** The address as planning compares it: an email in lower case, a phone number as E.164. */
const params = z
  .object({ channel: z.enum(personalChannels), address: z.string() })
  .transform(({ channel, address }, context): { channel: PersonalChannel; address: string } => {
    const known = channel === 'email' ? emailOf(address)?.toLowerCase() : phoneOf(address.trim())
    if (!known)
      context.addIssue({
        code: 'custom',
        path: ['address'],
        message: channel === 'email' ? emailFault(address) : 'must be a phone number in E.164, such as +14155550123',
      })
    return { channel, address: known ?? '' }
  })

/** An address as it is listed, of either channel. */
const addressQuery = textQuery
  .transform((text, context) => {
    const known = emailOf(text)?.toLowerCase() ?? phoneOf(text.trim())
    if (known === null)
      context.addIssue({
        code: 'custom',
        message: text.includes('@')
          ? emailFault(text)
          : 'must be an email address, or a phone number in E.164, such as +14155550123',
      })
    return known ?? ''
  })
  .optional()
  .describe('Only the reasons of this address.')

const newSuppression = fieldsOnly({ reason: reasonText }).meta({ id: 'NewSuppression' })

export function suppressionRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  const mayShow = async (request: FastifyRequest, reveal: boolean, subject: string, rows: SuppressionRow[]) => {
    request.isMasked = true
    if (!maySee(request, reveal)) return false
    await recordReveal(
      ctx,
      request,
      subject,
      rows.map((row) => row.address),
    )
    return true
  }
  return async (server) => {
    server.get(
      '/v1/suppressions',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'listSuppressions',
          tags: ['Recipients'],
          summary: 'Suppressed addresses, newest first',
          querystring: fieldsOnly({ address: addressQuery, reveal, ...pageQuery }),
          response: { 200: listShape('SuppressionList', shape.suppression) },
        },
      },
      async (request) => {
        const { address, limit, cursor, reveal } = request.query
        await recordSearch(ctx, request, 'suppressions', [address])
        const asked = address === undefined ? null : [address, ctx.pseudonymOf(address)]
        const found = await ctx.reads.search((db) => listSuppressions(db, pageOf({ limit, cursor }), asked))
        const rows = address === undefined ? found : found.map((row) => ({ ...row, address }))
        const show = await mayShow(request, reveal, 'suppressions', rows.slice(0, limit))
        return listAnswer(
          rows,
          limit,
          (row) => ({ at: row.createdAt, id: row.id }),
          (row, yieldTurn) => showSuppression(row, show, yieldTurn),
        )
      },
    )
    server.get(
      '/v1/suppressions/:channel/:address',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'getSuppression',
          tags: ['Recipients'],
          summary: 'Why an address is suppressed',
          problems: ['not_found'],
          params,
          querystring: fieldsOnly({ reveal }),
          response: { 200: shape.suppression },
        },
      },
      async (request) => {
        const { channel, address } = request.params
        await recordSearch(ctx, request, 'suppressions', [address])
        const found =
          (await findSuppression(ctx.reads.db, channel, address)) ??
          (await findSuppression(ctx.reads.db, channel, ctx.pseudonymOf(address)))
        if (!found) throw notFound(notSuppressed)
        const row = { ...found, address }
        return showSuppression(row, await mayShow(request, request.query.reveal, `suppression ${row.id}`, [row]))
      },
    )
    server.put(
      '/v1/suppressions/:channel/:address',
      {
        onRequest: requireRight('act'),
        schema: {
          operationId: 'putSuppression',
          tags: ['Recipients'],
          summary: 'Suppress an address',
          params,
          body: newSuppression,
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
          createdAt: ctx.clock.now(),
        })
        ctx.log.info(
          { stage: 'suppressions', channel: row.channel, suppression: row.id, by: name },
          'suppression added',
        )
        return showSuppression(row, true)
      },
    )
    server.delete(
      '/v1/suppressions/:channel/:address',
      {
        onRequest: requireRight('act'),
        schema: {
          operationId: 'removeSuppression',
          tags: ['Recipients'],
          summary: 'Remove the suppression of an address',
          params,
          problems: ['not_found'],
          response: { 204: z.undefined().describe('Removed') },
        },
      },
      async (request, reply) => {
        const { channel, address } = request.params
        const isRemoved =
          (await removeSuppression(ctx.db, channel, address)) ||
          (await removeSuppression(ctx.db, channel, ctx.pseudonymOf(address)))
        if (!isRemoved) throw notFound(notSuppressed)
        ctx.log.info({ stage: 'suppressions', channel, by: request.caller.name }, 'suppression removed')
        return reply.code(204).send(undefined)
      },
    )
  }
}

async function showSuppression(
  row: SuppressionRow,
  show: boolean,
  yieldTurn?: YieldTurn,
): Promise<z.input<typeof shape.suppression>> {
  const shown = {
    channel: row.channel,
    address: row.address,
    reason: row.reason,
    source: row.source,
    createdAt: row.createdAt.toISOString(),
  }
  // The reason is free text and may name another address of the same person.
  return show
    ? shown
    : maskAll(shown, addAddresses({ ...noKnownAddresses(), isGuessed: true }, [row.address]), yieldTurn)
}
