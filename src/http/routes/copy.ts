// The routes by which an operator changes a notifier's copy without a deploy: draft, publish, revert. Messages that are
// already rendered keep theirs.
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { copyFaults } from '../../copy/faults.ts'
import type { DataFault } from '../../domain/event.ts'
import { localeOf } from '../../domain/locale.ts'
import { knownLocale } from '../../i18n/intl-cache.ts'
import type { Notifier } from '../../notifiers/notifier.ts'
import { publishCopy, revertCopy } from '../../operate/copy.ts'
import { copyHistory, copyPlaces, type Place, putDraft } from '../../store/people/copy.ts'
import { storableText } from '../../wire/fields.ts'
import { fieldsOnly } from '../../wire/fields-only.ts'
import { copyPlaceShape, copyShape, showCopy, showPlaces } from '../answers/copy-shapes.ts'
import { wholeListShape } from '../answers/page.ts'
import type { RequireRight } from '../auth.ts'
import { conflict, notFound, sendProblem } from '../problems/problem.ts'
import { callerOf } from './actions.ts'

const params = z.object({
  name: z.string(),
  locale: z.string().transform((text, context) => {
    const known = canonical(text)
    if (!known) context.addIssue({ code: 'custom', message: 'must be a locale, such as es or es-MX' })
    return known ?? ''
  }),
})

const draftBody = fieldsOnly({
  messages: z.record(z.string(), z.string()).describe('By key; the others keep their built-in text.'),
  revision: storableText
    .nullable()
    .optional()
    .describe('The revision of the draft that this one replaces, or null for none: 409 if it has changed meanwhile.'),
}).meta({ id: 'NewCopyDraft' })
const publication = fieldsOnly({
  revision: z.string().optional().describe('The revision of the draft that was reviewed.'),
}).meta({ id: 'Publication' })
const reversion = fieldsOnly({ version: z.number().int().optional().describe('The version to revert.') }).meta({
  id: 'Reversion',
})

const noDraft = 'This notifier has no draft for this locale.'
const anotherDraft = 'The draft was changed or removed since it was read. Read it again.'

export function copyRoutes(ctx: Ctx, notifiers: Notifier[], requireRight: RequireRight): FastifyPluginAsyncZod {
  const find = (name: string): Notifier => {
    const notifier = notifiers.find((one) => one.name === name)
    if (!notifier) throw notFound('No notifier has this name.')
    return notifier
  }
  const show = async (notifier: Notifier, locale: string) =>
    showCopy(ctx, notifier, locale, await copyHistory(ctx.reads.db, notifier.name, locale))
  const log = (what: string, { notifier, locale }: Place, by: string, version?: number) =>
    ctx.log.info({ stage: 'copy', notifier, locale, by, version }, what)

  return async (server) => {
    const common = { tags: ['Notifiers'], params, response: { 200: copyShape } }
    const isChanged = ['not_found', 'conflict', 'copy_invalid'] as const
    const path = '/v1/notifiers/:name/copy/:locale'

    server.get(
      '/v1/notifiers/:name/copy',
      {
        onRequest: requireRight('read'),
        schema: {
          tags: ['Notifiers'],
          operationId: 'listCopy',
          summary: 'The locales of a notifier, and which copy counts in each',
          params: params.pick({ name: true }),
          problems: ['not_found'],
          response: { 200: wholeListShape('CopyPlaceList', copyPlaceShape) },
        },
      },
      async (request) => {
        const notifier = find(request.params.name)
        const written = await copyPlaces(ctx.reads.db, notifier.name)
        return { data: showPlaces(notifier, written), nextCursor: null }
      },
    )
    server.get(
      path,
      {
        onRequest: requireRight('read'),
        schema: {
          ...common,
          operationId: 'getCopy',
          summary: 'The copy of a notifier for a locale: built-in, published and draft',
          problems: ['not_found'],
        },
      },
      (request) => show(find(request.params.name), request.params.locale),
    )
    server.put(
      path,
      {
        onRequest: requireRight('act'),
        schema: {
          ...common,
          operationId: 'draftCopy',
          summary: 'Save a draft in place of the previous one',
          body: draftBody,
          problems: isChanged,
        },
      },
      async (request, reply) => {
        const { locale } = request.params
        const { messages, revision } = request.body
        const notifier = find(request.params.name)
        const faults = await copyFaults(ctx.defaults, notifier, locale, messages)
        if (faults.length > 0) return refuse(reply, faults)
        const act = { by: callerOf(request), at: ctx.clock.now() }
        const place = { notifier: notifier.name, locale }
        const isSaved = await putDraft(ctx.db, place, { messages, basedOn: revision }, act)
        if (!isSaved) throw conflict(anotherDraft)
        log('draft saved', place, act.by)
        return show(notifier, locale)
      },
    )
    server.post(
      `${path}/publish`,
      {
        onRequest: requireRight('act'),
        schema: {
          ...common,
          operationId: 'publishCopy',
          summary: 'Publish the draft',
          body: publication.nullish(),
          problems: isChanged,
        },
      },
      async (request, reply) => {
        const { locale } = request.params
        const notifier = find(request.params.name)
        const draft = (await copyHistory(ctx.db, notifier.name, locale)).find(({ state }) => state === 'draft')
        if (!draft) throw conflict(noDraft)
        if ((request.body?.revision ?? draft.revision) !== draft.revision) throw conflict(anotherDraft)
        const faults = await copyFaults(ctx.defaults, notifier, locale, draft.messages)
        if (faults.length > 0) return refuse(reply, faults)
        const by = callerOf(request)
        const place = { notifier: notifier.name, locale }
        const version = await publishCopy(ctx, place, { seen: draft.revision, by })
        if (version === null) throw conflict(anotherDraft)
        log('draft published', place, by, version)
        return show(notifier, locale)
      },
    )
    server.post(
      `${path}/revert`,
      {
        onRequest: requireRight('act'),
        schema: {
          ...common,
          operationId: 'revertCopy',
          summary: 'Return to the previous version, or to the built-in copy',
          body: reversion.nullish(),
          problems: ['not_found', 'conflict'],
        },
      },
      async (request) => {
        const { locale } = request.params
        const notifier = find(request.params.name)
        const by = callerOf(request)
        const place = { notifier: notifier.name, locale }
        const version = await revertCopy(ctx, place, { seen: request.body?.version, by })
        if (version === null) throw conflict('It is not the published version; there may be none.')
        log('version reverted', place, by, version)
        return show(notifier, locale)
      },
    )
  }
}

/** The locale as messages spell it (`pt_br` becomes `pt-BR`); null where no message can have it. */
function canonical(text: string): string | null {
  const locale = localeOf(text)
  const isPlain = locale !== null && new Intl.Locale(locale).baseName === locale
  return isPlain && knownLocale(locale, '') !== '' ? locale : null
}

function refuse(reply: FastifyReply, errors: DataFault[]): FastifyReply {
  return sendProblem(reply, { code: 'copy_invalid', detail: 'This copy has faults and cannot be published.', errors })
}
