// Renders messages as planning does, one after the other, and reports how many per second.
import { renderEmail } from '../emails/_parts/render.ts'
import { wordsOf } from '../emails/_parts/words.ts'
import { formatsFor } from '../src/i18n/formats.ts'
import { smsText } from '../src/i18n/sms-text.ts'
import { notifiers } from '../src/notifiers/index.ts'
import type { Notifier } from '../src/notifiers/notifier.ts'
import { childSettings, emit, on } from './child.ts'

export interface RendererSettings {
  seconds: number
}

export interface Rendered {
  emails: number
  sms: number
}

const { seconds } = childSettings<RendererSettings>()
const brand = { name: 'Fernwood', color: '#1d5b45', logoUrl: null, address: null }
const emails = notifiers.filter(({ channels }) => channels.includes('email'))
const texts = notifiers.filter(({ channels }) => channels.includes('sms'))

function formatsOf({ sample }: Notifier, channel: 'email' | 'sms') {
  const { name = null, locale = 'en', timezone = 'UTC' } = sample.recipient
  return formatsFor({ name, locale, timezone, brand, replyTo: null, channel })
}

/** Operations per second, over whole passes through the list. */
async function rate(list: Notifier[], work: (notifier: Notifier) => Promise<unknown> | unknown): Promise<number> {
  const startedAt = performance.now()
  let done = 0
  while (performance.now() - startedAt < seconds * 1000) {
    for (const notifier of list) await work(notifier)
    done += list.length
  }
  return done / ((performance.now() - startedAt) / 1000)
}

on('round', async () =>
  emit('rendered', {
    emails: await rate(emails, (n) =>
      renderEmail(n.email(n.sample.data, formatsOf(n, 'email'), wordsOf(n.name, 'en'), null).element),
    ),
    sms: await rate(texts, (n) =>
      smsText(brand.name, n.sms(n.sample.data, formatsOf(n, 'sms'), wordsOf(n.name, 'en'))),
    ),
  } satisfies Rendered),
)
on('stop', () => {})
emit('ready')
