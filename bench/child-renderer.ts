// A ceiling: order confirmations of ten items rendered one after the other, as planning does it or by React Email's own
// functions.
import { render, toPlainText } from '@react-email/render'
import { renderEmail } from '../emails/_parts/render.ts'
import { wordsOf } from '../emails/_parts/words.ts'
import { formatsFor } from '../src/i18n/formats.ts'
import { collected } from '../src/notifiers/notifier.ts'
import notifier from '../src/notifiers/order-confirmation.ts'
import { tenItems } from './cases/samples.ts'
import { childSettings, emit, on } from './child.ts'

export interface RendererSettings {
  by: 'us' | 'react-email'
  count: number
}

const { by, count } = childSettings<RendererSettings>()
const brand = { name: 'Fernwood', color: '#1d5b45', logoUrl: null, address: null }
let rendered = 0

async function one(): Promise<void> {
  const data = { ...tenItems.data, ...tenItems.each(++rendered) }
  const name = 'Ada Lovelace'
  const formats = formatsFor({ name, locale: 'en', timezone: 'UTC', brand, replyTo: null, channel: 'email' })
  const { element } = notifier.email(collected(data), formats, wordsOf(notifier.name, 'en'), null)
  if (by === 'us') await renderEmail(element)
  else toPlainText(await render(element))
}

on('round', async () => {
  const startedAt = performance.now()
  for (let i = 0; i < count; i++) await one()
  emit('rate', count / ((performance.now() - startedAt) / 1000))
})
on('stop', () => {})
for (let i = 0; i < 100; i++) await one()
emit('ready')
