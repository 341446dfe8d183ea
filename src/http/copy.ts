// Words changed without a deploy: an operator drafts them for a notifier and a locale, previews, publishes, and takes them
// back. copy/faults.ts says what may be published; compose.ts says what was. Messages that are made already keep theirs.
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../context.ts'
import { copyFaults } from '../copy/faults.ts'
import { localeOf } from '../domain/address.ts'
import type { DataFault } from '../domain/event.ts'
import { knownLocale } from '../i18n/intl-cache.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import { copyHistory, publishDraft, putDraft, revertCopy } from '../store/people/copy.ts'
import { keptText } from '../wire/fields.ts'
import { callerOf } from './actions.ts'
import type { RequireRight } from './auth.ts'
import { copyShape, showCopy } from './copy-page.ts'
import { conflict, notFound, sendProblem } from './problem.ts'

const params = z.object({
  name: z.string(),
  locale: z.string().transform((text, context) => {
    const known = canonical(text)
    if (!known)
      context.addIssue({ code: 'custom', message: 'not a language, such as es, or one of a place, such as es-MX' })
    return known ?? ''
  }),
})

const draftBody = z.strictObject({
  messages: z.record(z.string(), z.string()).describe('By key; those that are not named stay as they are beneath.'),
  revision: keptText
    .nullable()
    .optional()
    .describe('Of the draft that this one goes in the place of, null for none: 409 where that has changed meanwhile.'),
})
const publication = z.strictObject({ revision: z.string().optional().describe('Of the draft that was looked at.') })
const reversion = z.strictObject({ version: z.number().int().optional().describe('The one to take back.') })

const noDraft = 'There is no draft of these words for this locale.'
const anotherDraft = 'The draft is not the one that was read: it has changed, or is gone.'

export function copyRoutes(ctx: Ctx, notifiers: Notifier[], requireRight: RequireRight): FastifyPluginAsyncZod {
  const find = (name: string): Notifier => {
    const notifier = notifiers.find((one) => one.name === name)
    if (!notifier) throw notFound('There is no notifier of this name.')
    return notifier
  }
  const show = async (notifier: Notifier, locale: string) =>
    showCopy(ctx, notifier, locale, await copyHistory(ctx.db, notifier.name, locale))
  const tell = (what: string, notifier: Notifier, locale: string, by: string, version?: number) =>
    ctx.log.info({ stage: 'copy', notifier: notifier.name, locale, by, version }, what)

  return async (server) => {
    const response = { 200: copyShape }
    const path = '/v1/notifiers/:name/copy/:locale'

    server.get(
      path,
      {
        onRequest: requireRight('read'),
        schema: {
          summary: 'The words of a notifier for a locale: ours, what is published, and the draft',
          params,
          response,
        },
      },
      (request) => show(find(request.params.name), request.params.locale),
    )
    server.put(
      path,
      {
        onRequest: requireRight('act'),
        schema: { summary: 'Keep a draft of words, in the place of the one before', params, body: draftBody, response },
      },
      async (request, reply) => {
        const { locale } = request.params
        const { messages, revision } = request.body
        const notifier = find(request.params.name)
        const faults = copyFaults(ctx.defaults, notifier, locale, messages)
        if (faults.length > 0) return refuse(reply, faults)
        const act = { by: callerOf(request), at: ctx.clock.now() }
        const isKept = await putDraft(ctx.db, { notifier: notifier.name, locale }, messages, revision, act)
        if (!isKept) throw conflict(anotherDraft)
        tell('words were drafted', notifier, locale, act.by)
        return show(notifier, locale)
      },
    )
    server.post(
      `${path}/publish`,
      {
        onRequest: requireRight('act'),
        schema: { summary: 'Say the draft from now on', params, body: publication.nullish(), response },
      },
      async (request, reply) => {
        const { locale } = request.params
        const notifier = find(request.params.name)
        const draft = (await copyHistory(ctx.db, notifier.name, locale)).find(({ state }) => state === 'draft')
        if (!draft) throw conflict(noDraft)
        if ((request.body?.revision ?? draft.revision) !== draft.revision) throw conflict(anotherDraft)
        const faults = copyFaults(ctx.defaults, notifier, locale, draft.messages)
        if (faults.length > 0) return refuse(reply, faults)
        const act = { by: callerOf(request), at: ctx.clock.now() }
        const place = { notifier: notifier.name, locale }
        const version = await publishDraft(ctx.db, place, draft.revision, act)
        if (version === null) throw conflict(anotherDraft)
        tell('words were published', notifier, locale, act.by, version)
        return show(notifier, locale)
      },
    )
    server.post(
      `${path}/revert`,
      {
        onRequest: requireRight('act'),
        schema: {
          summary: 'Say the version before again, or our own words',
          params,
          body: reversion.nullish(),
          response,
        },
      },
      async (request) => {
        const { locale } = request.params
        const notifier = find(request.params.name)
        const act = { by: callerOf(request), at: ctx.clock.now() }
        const place = { notifier: notifier.name, locale }
        const version = await revertCopy(ctx.db, place, request.body?.version, act)
        if (version === null) throw conflict('It is not the published version; there may be none.')
        tell('words were reverted', notifier, locale, act.by, version)
        return show(notifier, locale)
      },
    )
  }
}

/** As messages' locales are spelled (`pt_br` is `pt-BR`); null where no message can have it. */
function canonical(text: string): string | null {
  const locale = localeOf(text)
  const isPlain = locale !== null && new Intl.Locale(locale).baseName === locale
  return isPlain && knownLocale(locale, '') !== '' ? locale : null
}

function refuse(reply: FastifyReply, errors: DataFault[]): FastifyReply {
  return sendProblem(reply, { status: 422, detail: 'These words cannot be published as they are.', errors })
}
