// The shape of a notifier's copy for a locale: the built-in messages, their variables, the draft and every version.
import { z } from 'zod'
import { catalogs, ownLanguage, ownMessages } from '../../../emails/_parts/words.ts'
import type { Ctx } from '../../context.ts'
import { copyFaults, smsTexts } from '../../copy/faults.ts'
import { sampleFormats, samplesOf } from '../../copy/sample.ts'
import type { Notifier } from '../../notifiers/notifier.ts'
import type { CopyPlace, CopyRow } from '../../store/people/copy.ts'
import { isoOrNull } from './shapes.ts'

const time = z.iso.datetime()
const messages = z.record(z.string(), z.string())

const versionShape = z
  .object({
    version: z.number(),
    state: z.enum(['published', 'replaced', 'reverted']),
    messages,
    draftedBy: z.string(),
    draftedAt: time,
    publishedBy: z.string(),
    publishedAt: time,
    revertedBy: z.string().nullable(),
    revertedAt: time.nullable(),
  })
  .meta({ id: 'CopyVersion' })

const draftShape = z
  .object({
    revision: z.string(),
    messages,
    draftedBy: z.string(),
    draftedAt: time,
    faults: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .describe('Empty when the draft was saved; an upgrade may have added some since.'),
    sms: z
      .object({ text: z.string(), encoding: z.string(), segments: z.number() })
      .nullable()
      .describe('The text, rendered with the sample.'),
  })
  .meta({ id: 'CopyDraft' })

export const copyShape = z
  .object({
    notifier: z.string(),
    locale: z.string(),
    ours: z
      .object({ language: z.string(), messages })
      .describe(
        'The built-in messages. English where we have none in this language: a draft must then have all of them.',
      ),
    variables: z
      .array(z.object({ name: z.string(), example: z.union([z.string(), z.number()]).nullable() }))
      .describe('The variables that messages may use, each with its value in the sample.'),
    published: versionShape.nullable(),
    draft: draftShape.nullable(),
    versions: z.array(versionShape).describe('Newest first.'),
  })
  .meta({ id: 'Copy', description: 'The wording of a notifier in a locale: built-in, published and draft.' })

export const copyPlaceShape = z
  .object({
    locale: z.string(),
    builtIn: z.boolean().describe('Whether there are built-in messages of this very locale.'),
    version: z
      .number()
      .nullable()
      .describe('The published version. Null for none: the messages of the language count, or the built-in ones.'),
    hasDraft: z.boolean(),
  })
  .meta({ id: 'CopyPlace', description: 'Which wording of a notifier counts in a locale.' })

/** The locales with built-in messages, and those that operators have written for. */
export function showPlaces(notifier: Notifier, written: CopyPlace[]): z.input<typeof copyPlaceShape>[] {
  const builtIn = Object.keys(catalogs).filter((tag) => ownLanguage(notifier.name, tag) === tag)
  const bare = builtIn
    .filter((tag) => !written.some(({ locale }) => locale === tag))
    .map((locale) => ({ locale, version: null, hasDraft: false }))
  return [...written, ...bare]
    .map((place) => ({ ...place, builtIn: builtIn.includes(place.locale) }))
    .sort((a, b) => (a.locale < b.locale ? -1 : 1))
}

export async function showCopy(
  ctx: Ctx,
  notifier: Notifier,
  locale: string,
  rows: CopyRow[],
): Promise<z.input<typeof copyShape>> {
  const language = ownLanguage(notifier.name, locale) ?? 'en'
  const drafted = rows.find(({ state }) => state === 'draft')
  const versions = rows.flatMap(showVersion)
  const [values] = samplesOf(notifier, sampleFormats(ctx.defaults, notifier, { locale, channel: 'email' }))
  return {
    notifier: notifier.name,
    locale,
    ours: { language, messages: ownMessages(notifier.name, language) },
    variables: Object.entries(values).map(([name, example]) => ({ name, example: example ?? null })),
    published: versions.find(({ state }) => state === 'published') ?? null,
    draft: drafted ? await showDraft(ctx, notifier, locale, drafted) : null,
    versions,
  }
}

async function showDraft(
  ctx: Ctx,
  notifier: Notifier,
  locale: string,
  row: CopyRow,
): Promise<z.input<typeof draftShape>> {
  const faults = await copyFaults(ctx.defaults, notifier, locale, row.messages)
  return {
    revision: row.revision,
    messages: row.messages,
    draftedBy: row.draftedBy,
    draftedAt: row.draftedAt.toISOString(),
    faults,
    sms: faults.length === 0 ? smsTexts(ctx.defaults, notifier, locale, row.messages) : null,
  }
}

function showVersion({ version, state, publishedAt, publishedBy, ...row }: CopyRow): z.input<typeof versionShape>[] {
  if (state === 'draft' || version === null || !publishedAt || !publishedBy) return []
  return [
    {
      version,
      state,
      messages: row.messages,
      draftedBy: row.draftedBy,
      draftedAt: row.draftedAt.toISOString(),
      publishedBy,
      publishedAt: publishedAt.toISOString(),
      revertedBy: row.revertedBy,
      revertedAt: isoOrNull(row.revertedAt),
    },
  ]
}
