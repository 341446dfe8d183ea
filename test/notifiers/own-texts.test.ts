// A notifier that is one file: its texts stand in it, and its email has the plain layout.
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { renderEmail } from '../../emails/_parts/render.ts'
import { ownMessages } from '../../emails/_parts/words.ts'
import { defineNotifier, type NotifierDefinition } from '../../src/notifiers/notifier.ts'
import { mailTo, someone, textTo } from './fixtures.ts'

const definition: NotifierDefinition<{ room: string; bookUrl?: string | null }> = {
  name: 'room-free',
  on: ['room.free'],
  category: 'transactional',
  data: z.looseObject({ room: z.string(), bookUrl: z.url().nullish() }),
  sample: { recipient: { email: 'ada@example.com' }, data: { room: 'Maple' } },
  words: ({ room, bookUrl }) => ({ room, url: bookUrl }),
  texts: {
    en: {
      subject: '{room} is free',
      preheader: 'Book it.',
      heading: 'A room is free',
      body: '<b>{room}</b> is free now.',
      action: 'Book {room}',
      because: 'You asked {brand} for it.',
      sms: '{room} is free.',
    },
    es: {
      subject: '{room} está libre',
      preheader: 'Resérvala.',
      heading: 'Una sala está libre',
      body: '<b>{room}</b> está libre.',
      action: 'Reservar {room}',
      because: 'La pediste a {brand}.',
      sms: '{room} está libre.',
    },
  },
  email: true,
  sms: true,
}
const notifier = defineNotifier(definition)

async function email(data: Record<string, unknown>, locale: string) {
  const { subject, element } = mailTo(notifier, data, someone({ locale }))
  return { subject, ...(await renderEmail(element)) }
}

describe('a notifier with texts of its own', () => {
  it.each([
    ['en-GB', 'Maple is free', 'A room is free'],
    ['es-MX', 'Maple está libre', 'Una sala está libre'],
    ['hi-IN', 'Maple is free', 'A room is free'],
  ])('writes in %s', async (locale, subject, heading) => {
    const written = await email({ room: 'Maple' }, locale)
    expect(written.subject).toBe(subject)
    expect(written.text).toContain(heading)
    expect(textTo(notifier, { room: 'Maple' }, { locale }).text).toContain(subject.replace('á', 'a'))
  })

  it('has a button where its words give a url, and none elsewhere', async () => {
    const bookUrl = 'https://rooms.example.com/maple'
    const withLink = await email({ room: 'Maple', bookUrl }, 'en-GB')
    expect(withLink.html).toContain(`href="${bookUrl}"`)
    expect(withLink.text).toContain(`Book Maple: ${bookUrl}`)
    expect((await email({ room: 'Maple' }, 'en-GB')).html).not.toContain('Book Maple')
  })
  it.each([
    ['order-shipped', 'src/notifiers/order-shipped.ts and emails/_words/en.json'],
    ['room-free', 'src/notifiers/room-free.ts and another notifier of that name'],
  ])('is refused where texts of %s stand elsewhere too, which then stay', (name, places) => {
    const before = ownMessages(name, 'en').subject
    const texts = { en: { subject: 'Another subject', body: 'x' } }
    expect(() => defineNotifier({ ...definition, name, texts })).toThrow(
      `The texts of ${name} stand twice, in ${places}: remove one, or give the notifier another name.`,
    )
    expect(ownMessages(name, 'en').subject).toBe(before)
  })
})
