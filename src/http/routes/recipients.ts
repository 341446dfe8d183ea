// The routes of a person's rights: everything that is stored about them, and its removal.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { erase } from '../../operate/erase.ts'
import { type Exported, exportPerson } from '../../operate/export-person.ts'
import { isTheirsAlone } from '../../privacy/cut-recipient.ts'
import { showMessage } from '../../show/notification.ts'
import { line } from '../../wire/fields.ts'
import { sendJson } from '../answers/json-stream.ts'
import { showAudit } from '../answers/notification-audit.ts'
import { shape, time } from '../answers/shapes.ts'
import type { RequireRight } from '../auth.ts'
import { conflict } from '../problems/problem.ts'
import { withoutLimit } from '../without-limit.ts'
import { callerOf } from './actions.ts'

const params = z.object({
  key: line(300).describe('A recipient’s id, email address or phone number, in any spelling.'),
})

/** What is being sent or planned now has mostly ended by then. */
const waitSeconds = 60

const shared = z
  .array(z.string())
  .optional()
  .describe(
    'Ids and addresses that were written with theirs and that many people share: what is only under these is not theirs.',
  )

const exported = z
  .object({
    ids: z.array(z.string()),
    addresses: z.array(z.string()),
    shared,
    notifications: z.array(shape.notificationAudit),
    events: z.array(
      z.object({
        id: z.string(),
        source: z.string(),
        type: z.string(),
        receivedAt: time,
        body: z
          .string()
          .nullable()
          .describe('As it was received; null where others are named in it, or it was removed.'),
      }),
    ),
    suppressions: z.array(shape.suppression),
    preferences: z.array(
      z.object({
        subject: z.string(),
        app: z.string(),
        channel: z.string(),
        allowed: z.boolean(),
        by: z.string(),
        at: time,
      }),
    ),
    payments: z.array(
      z.object({
        outcome: z.string(),
        names: z.array(z.string()),
        orders: z.array(z.string()),
        amount: z.number(),
        currency: z.string(),
        at: time,
      }),
    ),
    accesses: z.array(z.object({ at: time, by: z.string(), what: z.string() })).describe('Who saw their addresses.'),
  })
  .meta({ id: 'PersonExport', description: 'Everything that is stored about a person.' })

const erased = z
  .object({ notifications: z.number(), events: z.number(), reports: z.number(), shared })
  .meta({ id: 'Erased', description: 'How many rows lost the person.' })

export function recipientRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  return async (server) => {
    const onRequest = requireRight('act')
    const common = { tags: ['Recipients'], params, problems: ['conflict'] } as const
    server.get(
      '/v1/recipients/:key/export',
      {
        onRequest,
        // Its answer would read and record all that a GET does, and send nothing of it.
        exposeHeadRoute: false,
        schema: {
          ...common,
          operationId: 'exportRecipient',
          summary: 'Everything that is stored about a person; the access is recorded',
          response: { 200: exported },
        },
      },
      async (request, reply) => {
        const result = await withoutLimit(request, () => exportPerson(ctx, request.params.key, request.caller.name))
        if (result.kind === 'refused') throw conflict(result.detail)
        return sendJson(reply, showExport(ctx, result.exported))
      },
    )
    server.delete(
      '/v1/recipients/:key',
      {
        onRequest,
        schema: {
          ...common,
          operationId: 'eraseRecipient',
          summary: 'Cancel what waits for a person, and erase them; audit rows stay without them',
          response: { 200: erased },
        },
      },
      async (request) => {
        const by = { name: request.caller.name, text: callerOf(request) }
        const result = await withoutLimit(request, () => erase(ctx, request.params.key, by))
        if (result.kind === 'refused') throw conflict(result.detail, result.isShort ? waitSeconds : undefined)
        const { notifications, events, reports, shared } = result
        return { notifications, events, reports, ...sharedWithMany(shared) }
      },
    )
  }
}

/** Each field in the form that the schema says; the lists of what may be many are read as they are sent. */
function showExport(ctx: Ctx, { person, notifications, events, ...stored }: Exported) {
  return {
    ids: person.ids,
    addresses: person.addresses,
    ...sharedWithMany(person.shared),
    notifications: shownAs(shape.notificationAudit, notifications, (found) => ({
      ...showAudit(found, ctx.clock.now()),
      message: found.message && showMessage(found.message, true),
    })),
    events: shownAs(exported.shape.events.element, events, async ({ receivedAt, raw, ...event }) => ({
      ...event,
      receivedAt: receivedAt.toISOString(),
      body: raw && (await isTheirsAlone(raw, person.finder)) ? raw.toString() : null,
    })),
    suppressions: stored.suppressions.map(({ id: _, createdAt, ...row }) => ({
      ...row,
      createdAt: createdAt.toISOString(),
    })),
    preferences: stored.preferences.map(({ saidBy, saidAt, ...row }) => ({
      ...row,
      by: saidBy,
      at: saidAt.toISOString(),
    })),
    payments: stored.payments.map((row) => ({ ...row, at: row.at.toISOString() })),
    accesses: stored.accesses.map(({ at, keyName, what }) => ({ at: at.toISOString(), by: keyName, what })),
  }
}

/** Left out where there are none. */
function sharedWithMany(shared: string[]): { shared?: string[] } {
  return shared.length > 0 ? { shared } : {}
}

async function* shownAs<Row, Shape extends z.ZodType>(
  itsShape: Shape,
  rows: AsyncIterable<Row>,
  show: (row: Row) => z.input<Shape> | Promise<z.input<Shape>>,
): AsyncGenerator<z.output<Shape>> {
  for await (const row of rows) yield itsShape.parse(await show(row))
}
