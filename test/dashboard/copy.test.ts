// The wording of a notifier on the dashboard: drafted with the check's faults beside the fields, published and reverted.
import { describe, expect, it } from 'vitest'
import { useDesk } from '../helper/desk.ts'

const desk = useDesk()

const notifier = '/dashboard/notifiers/order-shipped'
const pageOf = (locale: string) => `${notifier}/copy?locale=${locale}`

interface Copy {
  published: { version: number; messages: object } | null
  draft: { revision: string; messages: object } | null
}
const copyIn = async (locale: string) => (await desk.world.get<Copy>(`/v1/notifiers/order-shipped/copy/${locale}`)).body

/** Saves a draft as the form of the page does. */
async function save(locale: string, messages: Record<string, string>, by = desk.operator) {
  const { html } = await by.get(pageOf(locale))
  const revision = /name="revision" value="([^"]*)"/.exec(html)?.[1] ?? 'none'
  const fields = Object.entries(messages).map(([key, text]) => [`messages.${key}`, text])
  return by.post(`${notifier}/copy`, { locale, revision, ...Object.fromEntries(fields) })
}

async function publish(locale: string) {
  const revision = (await copyIn(locale)).draft?.revision ?? ''
  return desk.operator.post(`${notifier}/copy/publish`, { locale, revision })
}

describe('a draft', () => {
  it('is saved from the fields that are filled in, and seen beside what goes out now', async () => {
    const saved = await save('es-MX', { subject: 'Su pedido {orderNumber} ya va', heading: 'Ya va', body: ' ' })
    expect(saved.path).toBe(pageOf('es-MX'))
    expect(saved.text).toContain('The draft is saved.')
    expect(saved.text).toContain('No version counts for es-MX itself.')
    expect((await copyIn('es-MX')).draft?.messages).toEqual({
      subject: 'Su pedido {orderNumber} ya va',
      heading: 'Ya va',
    })
    const frames = [...saved.html.matchAll(/<iframe[^>]* src="([^"]+)"/g)].map(([, src = '']) => src)
    const [now = '', drafted = ''] = await Promise.all(
      frames.map(async (src) => (await desk.viewer.get(src.replaceAll('&amp;', '&'))).html),
    )
    expect(now).not.toContain('Ya va')
    expect(drafted).toContain('Ya va')
  })

  it('with faults is shown again as it was typed, each fault at its field, and is not saved', async () => {
    const refused = await save('hi', { subject: 'For {nobody} & all', heading: 'Well' })
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Nothing was saved.')
    const field = (key: string) => refused.html.split(`id="m-${key}"`)[1]?.split('</textarea>')[0]
    expect(field('subject')).toContain('aria-invalid="true"')
    expect(field('subject')).toContain('For {nobody} &amp; all')
    expect(field('heading')).not.toContain('aria-invalid')
    expect(field('heading')).toContain('Well')
    expect(/id="m-subject-f">(.*?)<\/div>/.exec(refused.html)?.[1]).toContain(
      'uses the unknown variable {nobody}; known are',
    )
    expect((await copyIn('hi')).draft).toBeNull()
  })

  it('opens the labels where one of them has a fault', async () => {
    expect((await desk.operator.get(pageOf('en'))).html).not.toContain('<details open="">')
    expect((await save('en', { 'label.carrier': '{nobody}' })).html).toContain('<details open="">')
  })

  it('that somebody else has changed is not overwritten, and theirs is shown', async () => {
    const revision = (await copyIn('es')).draft?.revision ?? ''
    await save('es', { heading: 'La de Ana' })
    const late = { locale: 'es', revision, 'messages.heading': 'La de Berto' }
    const refused = await desk.operator.post(`${notifier}/copy`, late)
    expect(refused.status).toBe(409)
    expect(refused.text).toContain('La de Berto')
    expect(refused.text).toContain('Saved by somebody else: La de Ana')
    expect((await copyIn('es')).draft?.messages).toEqual({ heading: 'La de Ana' })
  })
})

describe('a version', () => {
  it('is published as it was seen, listed, and reverted', async () => {
    await save('en', { heading: 'First' })
    const seen = (await copyIn('en')).draft?.revision ?? ''
    await save('en', { heading: 'Second' })
    const stale = await desk.operator.post(`${notifier}/copy/publish`, { locale: 'en', revision: seen })
    expect(stale.text).toContain('Nothing was changed. The draft was changed or removed since it was read.')
    expect((await copyIn('en')).published).toBeNull()

    expect((await publish('en')).text).toContain('Version 1 is published.')
    expect((await copyIn('en')).published).toMatchObject({ version: 1, messages: { heading: 'Second' } })
    await save('en', { heading: 'Third' })
    const page = await publish('en')
    expect(page.text).toContain('Version 2 counts for en.')
    expect(page.text).toContain('Without version 2, version 1 counts again.')
    expect((await desk.viewer.get(notifier)).text).toContain('en version 2 none es the built-in wording waits')

    const reverted = await desk.operator.post(`${notifier}/copy/revert`, { locale: 'en', version: '2' })
    expect(reverted.text).toContain('Version 2 is reverted. Version 1 counts again')
    const again = await desk.operator.post(`${notifier}/copy/revert`, { locale: 'en', version: '2' })
    expect(again.text).toContain('Nothing was changed. It is not the published version')
    expect((await copyIn('en')).published).toMatchObject({ version: 1 })
  })
})

describe('viewers', () => {
  it('see it all and change nothing', async () => {
    await save('es-MX', { heading: 'Ya va' })
    const page = await desk.viewer.get(pageOf('es-MX'))
    expect(page.text).toContain('With the draft')
    expect(page.html).not.toMatch(/action="\/dashboard\/notifiers[^"]*" method="post"|<textarea/)
    for (const act of ['', '/publish', '/revert'])
      expect((await desk.viewer.post(`${notifier}/copy${act}`, { locale: 'es-MX', revision: '' })).status).toBe(403)
  })

  it('are told of a locale that is none, and of a notifier that is none', async () => {
    expect((await desk.viewer.get(pageOf('!'))).text).toContain('must be a locale')
    expect((await desk.viewer.get('/dashboard/notifiers/nobody/copy?locale=en')).text).toContain(
      'No notifier has this name.',
    )
    expect((await desk.viewer.get(pageOf(''))).path).toBe(notifier)
  })
})

describe('data of one’s own', () => {
  const preview = `${notifier}/preview`
  const data = { orderNumber: 'ORD-<9>', carrier: 'UPS', trackingNumber: '1Z9' }

  it('is rendered for whoever may read, from the sample on', async () => {
    const page = await desk.viewer.get(notifier)
    expect(page.html).toMatch(/<textarea id="f-data"[^>]*>\s*\{\s+&quot;orderNumber&quot;: &quot;ORD-1001&quot;/)
    const shown = await desk.viewer.post(preview, { locale: 'es', data: JSON.stringify(data) })
    expect(shown.status).toBe(200)
    expect(shown.text).toContain('ORD-<9>')
    expect(shown.html).not.toContain('ORD-<9>')
    const frame = await desk.viewer.post(`${preview}/email`, { locale: 'es', data: JSON.stringify(data) })
    expect(frame.html).toContain('ORD-&lt;9&gt;')
    expect(frame.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/)
    expect((await desk.world.db.query('select 1 from events')).rows).toEqual([])
  })

  it.each([
    ['that does not fit', JSON.stringify({ ...data, carrier: 7 }), 'data.carrier must be'],
    ['that is not JSON', '{', 'data is not a JSON object'],
    ['that is null', 'null', 'data is not a JSON object'],
  ])('%s is shown again with what is wrong, by its path', async (_name, text, fault) => {
    await desk.operator.get(notifier)
    const page = await desk.operator.post(preview, { data: text })
    expect(page.status).toBe(422)
    expect(page.text).toContain(fault)
    expect(page.text).toContain(text)
  })
})
