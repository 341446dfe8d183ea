// No message has a hole, over HTTP: every notifier's preview in every format, and what is sent of an event that says no
// more than it must, in each language, from the right too, and in some that fall back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { directionOf } from '../../emails/_parts/locale.ts'
import { catalogs } from '../../emails/_parts/words.ts'
import { isPersonal } from '../../src/domain/notification.ts'
import { wholeSmsText } from '../../src/i18n/sms-text.ts'
import { notifiers } from '../../src/notifiers/index.ts'
import { keys, type NotificationAudit, startWorld, type World } from '../helper/world.ts'
import { required } from '../notifiers/fixtures.ts'

const languages = Object.keys(catalogs)
const locales = [...languages, 'en-IN', 'es-MX', 'de-CH', 'ar-EG', 'fa-IR', 'th-TH', 'ja']
const hole = /\b(?:undefined|null|NaN|absent|Invalid Date)\b|\[object|[{}]| [,.;:।]|\(\)/

/** The digits, the letters and the years of readers whose language we do not write. */
const foreign = /[\u0660-\u0669\u06f0-\u06f9]|\p{Script=Thai}|\b(?:2569|2570|2573|1405)\b/u

/** What a person sees of it: no head, no tags. */
function shown(html: string): string {
  const body = html.replace(/^[\s\S]*<body/, '<body').replace(/<!--[\s\S]*?-->/g, '')
  return body.replace(/<[^>]+>/g, '').replaceAll('&nbsp;', ' ')
}

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { OPERATOR_EMAIL: 'ops@example.com' } })
})
afterAll(() => world.stop())

describe.each(notifiers)('a preview of $name', ({ name, channels }) => {
  const preview = (format: string, locale: string) =>
    world.get<string>(`/v1/notifiers/${name}/preview?format=${format}&locale=${locale}`)

  it.each(locales)('in %s has none', async (locale) => {
    const html = await preview('html', locale)
    expect(html).toMatchObject({ status: 200 })
    expect(html.headers.get('content-type')).toMatch(/^text\/html/)
    expect(shown(html.body)).not.toMatch(hole)
    expect(html.body).not.toMatch(/undefined|NaN|\[object|Invalid Date/)
    const said = (attribute: string) => new RegExp(`<html[^>]*? ${attribute}="([^"]+)"`).exec(html.body)?.[1]
    expect(said('dir')).toBe(directionOf(said('lang') ?? ''))
    const text = await preview('text', locale)
    expect(text.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(text.body).not.toMatch(hole)
    expect(text.body).not.toMatch(foreign)
    expect(text.body).toMatch(/\p{L}{3}/u)
    const sms = await preview('sms', locale)
    expect(sms.status).toBe(channels.includes('sms') ? 200 : 404)
    if (sms.status !== 200) return
    expect(sms.body).not.toMatch(hole)
    expect(sms.body).not.toMatch(foreign)
    expect(sms.body).toMatch(/^Fernwood: /)
    expect(wholeSmsText('Fernwood', sms.body.slice(10)).segments).toBeLessThanOrEqual(locale.startsWith('hi') ? 2 : 1)
  })
})

// What waits for its digest has no words yet.
it.each(notifiers.filter(({ audience, digest }) => audience === 'recipients' && !digest))(
  'the least of $name has none',
  async (notifier) => {
    const recipients = locales.map((locale, i) => ({
      email: `ada-${locale}@example.com`,
      phone: `+1415555012${i}`,
      locale,
    }))
    const body = JSON.stringify({ type: notifier.on[0], data: required[notifier.name], recipients })
    const headers = { authorization: `Bearer ${keys.producer}`, 'content-type': 'application/json' }
    const posted = await world.send('/v1/events', body, headers)
    expect(posted.status).toBe(200)
    const { notifications } = await world.event(posted.body.id, ({ status }) => status !== 'accepted')
    const made = notifications.filter((n) => n.notifier === notifier.name)
    expect(made).toHaveLength(locales.length * notifier.channels.filter(isPersonal).length)
    for (const { id, state, subject } of made) {
      const { message }: NotificationAudit = await world.notification(id)
      expect(message, state).not.toBeNull()
      for (const words of [subject ?? '', message?.text ?? '', shown(message?.html ?? '')])
        for (const fault of [hole, foreign]) expect(words).not.toMatch(fault)
    }
  },
)
