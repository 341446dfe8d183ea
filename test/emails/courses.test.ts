// What the emails about courses and subscriptions, and those to the operator, say and leave unsaid, as far as it
// depends on the data.
import { describe, expect, it } from 'vitest'
import { renderEmail } from '../../emails/_parts/render.ts'
import demoFollowUp from '../../src/notifiers/demo-follow-up.ts'
import enrollmentCancelled from '../../src/notifiers/enrollment-cancelled.ts'
import enrollmentConfirmation from '../../src/notifiers/enrollment-confirmation.ts'
import installmentOverdue from '../../src/notifiers/installment-overdue.ts'
import installmentReminder from '../../src/notifiers/installment-reminder.ts'
import newContent from '../../src/notifiers/new-content.ts'
import type { Notifier } from '../../src/notifiers/notifier.ts'
import operatorAlert from '../../src/notifiers/operator-alert.ts'
import subscriptionCancelled from '../../src/notifiers/subscription-cancelled.ts'
import trialEnding from '../../src/notifiers/trial-ending.ts'
import { links, mailTo, required, someone, textTo } from '../notifiers/fixtures.ts'

/** The email with what is required and these changes. */
async function email(notifier: Notifier, changes: object, to = someone()) {
  const { subject, element } = mailTo(notifier, { ...required[notifier.name], ...changes }, to)
  const { html, text } = await renderEmail(element)
  return { subject, text, preheader: /<body[^>]*><div[^>]*>([^<]*?)\u034f/.exec(html)?.[1] }
}

describe('a place in a course', () => {
  it.each([
    ['nobody else is named', null, 'Ada Lovelace', 'You’re enrolled in Practical Typography'],
    ['it is their own', ' ada lovelace ', 'Ada Lovelace', 'You’re enrolled in Practical Typography'],
    ['it is another’s', 'Annabella King', 'Ada Lovelace', 'Annabella King is enrolled in Practical Typography'],
    ['their own name is not known', 'Ada Lovelace', null, 'Ada Lovelace is enrolled in Practical Typography'],
  ])('is the recipient’s or the student’s: %s', async (_, studentName, name, words) => {
    const { subject, text } = await email(enrollmentConfirmation, { studentName }, someone({ name }))
    expect(subject).toBe(words)
    expect(text).toContain(`\n\n${words}\n\n`)
    expect(text.includes('Student:')).toBe(studentName !== null)
  })

  it('starts at the recipient’s time', async () => {
    const to = someone({ timezone: 'America/New_York' })
    const { text, preheader } = await email(enrollmentConfirmation, { startsAt: '2027-01-12T01:00:00Z' }, to)
    expect(preheader).toBe('It starts on 11 January 2027.')
    expect(text).toContain('Starts: 11 January 2027 at 20:00 GMT-5\n')
  })

  it('is cancelled: first what comes back, then until when it stays', async () => {
    const { text, preheader } = await email(enrollmentCancelled, { refund: { amount: 18000, currency: 'gbp' } })
    expect(preheader).toMatch(/^You’ll get £180\.00 back\. The cancellation takes effect on 30 November 2026\.$/)
    expect(text).toContain('has been cancelled\n\nHi Ada, you’ll get £180.00 back. The cancellation of ')
    expect(text).toContain('Effective: 30 November 2026\nRefund: £180.00\n')
  })

  it.each([
    ['nothing is said of it', undefined],
    ['nothing comes back', { amount: 0, currency: 'gbp' }],
  ])('is cancelled without a promise of money where %s', async (_, refund) => {
    const { text, preheader } = await email(enrollmentCancelled, { refund })
    expect(preheader).toBe('The cancellation takes effect on 30 November 2026.')
    expect(text).not.toMatch(/\bback\b|your bank/)
    expect(text).not.toContain('Refund')
  })
})

describe('installment-overdue', () => {
  const overdue = (changes: object) => email(installmentOverdue, changes)
  const payUrl = 'https://learn.example.com/pay/1'

  it('says first that it can still be paid, where there is a way to', async () => {
    expect((await overdue({ payUrl })).text).toContain(
      'is overdue\n\nHi Ada, you can still pay online. We haven’t received',
    )
    expect((await overdue({})).text).toContain('is overdue\n\nHi Ada, we haven’t received your payment of £45.00')
    expect((await overdue({})).text).not.toContain('can still')
  })

  it.each([
    [2, 6, 'Payment: 2 of 6\n', ' (2 of 6) for'],
    [2, null, 'Payment: 2\n', '£45.00 for'],
    [null, 6, null, '£45.00 for'],
    [null, null, null, '£45.00 for'],
  ])('counts %j of %j', async (installmentNumber, installmentCount, row, inText) => {
    const { text } = await overdue({ installmentNumber, installmentCount })
    if (row) expect(text).toContain(row)
    else expect(text).not.toContain('Payment:')
    const data = { ...required['installment-overdue'], installmentNumber, installmentCount }
    expect(textTo(installmentOverdue, data).text).toContain(inText)
  })

  it('is not sent once the installment is paid', () => {
    expect(installmentOverdue.stoppedBy).toEqual(['installment.paid'])
  })
})

describe('new-content', () => {
  it.each([
    ['lesson', 'A new lesson: Setting tables', 'Kind: Lesson\n', 'Open the lesson: https'],
    [' Video ', 'A new video: Setting tables', 'Kind: Video\n', 'Watch the video: https'],
    ['Masterclass', 'New in your course: Setting tables', 'Kind: Masterclass\n', 'Open it: https'],
    ['constructor', 'New in your course: Setting tables', 'Kind: constructor\n', 'Open it: https'],
    [null, 'New in your course: Setting tables', null, 'Open it: https'],
  ])('of the kind %j', async (contentType, heading, row, action) => {
    const { text } = await email(newContent, { contentType })
    expect(text).toContain(`\n\n${heading}`)
    expect(text).toContain(action)
    if (row) expect(text).toContain(row)
    else expect(text).not.toContain('Kind:')
  })

  it('waits behind all other mail', () => {
    expect(newContent.priority).toBe('bulk')
  })
})

it('what people can opt out of says how, and nothing else does', async () => {
  for (const notifier of [demoFollowUp, newContent])
    expect((await email(notifier, {})).text).toContain(links.unsubscribeUrl)
  for (const notifier of [enrollmentConfirmation, enrollmentCancelled, installmentOverdue, trialEnding, operatorAlert])
    expect((await email(notifier, {})).text).not.toMatch(/unsubscribe/i)
})

describe('a subscription', () => {
  it('has a price after its trial where the event says so', async () => {
    const priced = await email(trialEnding, { amount: { amount: 1200, currency: 'gbp' } })
    expect(priced.preheader).toBe('After that the price is £12.00.')
    expect(priced.text).toContain('runs until 28 November 2026. After that the price is £12.00. If you')
    expect((await email(trialEnding, {})).text).not.toMatch(/price/i)
  })

  it.each([
    ['payment_failed', 'Reason: A payment didn’t go through\n'],
    ['cancellation_requested', 'Reason: A cancellation was requested\n'],
    ['You asked us to on 3 May.', 'Reason: You asked us to on 3 May.\n'],
    ['Moved', 'Reason: Moved\n'],
    ['payment_disputed', null],
    ['canceled_by_retention_policy', null],
    [null, null],
  ])('is cancelled for the reason %j', async (reason, row) => {
    const { text } = await email(subscriptionCancelled, { reason })
    if (row) expect(text).toContain(row)
    else expect(text).not.toMatch(/Reason|_/)
  })
})

describe('operator-alert', () => {
  const respondBy = '2026-12-05T23:59:59Z'
  const amount = { amount: 124000, currency: 'gbp' }

  it('of a dispute says by when to answer, and that nothing is decided', async () => {
    const { subject, text } = await email(operatorAlert, { alert: 'dispute_created', amount, respondBy })
    expect(subject).toBe('A payment of £1,240.00 is disputed: respond by 5 December 2026')
    expect(text).toMatch(/is disputed\n\nNothing is decided yet\. .*at your payment provider by 5 December 2026: /)
    expect(text).toContain('Respond by: 5 December 2026 at 23:59 GMT\n')
  })

  it.each([
    [
      'en-GB',
      'is disputed: the time to respond is over',
      'The time to answer ended on 5 December 2026.',
      'Answer was due: 5',
    ],
    [
      'es',
      'el plazo para responder ha terminado',
      'El plazo para responder terminó el 5 de diciembre',
      'El plazo terminó: 5',
    ],
    ['hi', 'जवाब देने का समय बीत चुका है', 'जवाब देने का समय 5 दिसंबर 2026 को ख़त्म हो गया।', 'जवाब की तारीख थी: 5'],
  ])('of a dispute whose time is over asks for no answer by then (%s)', async (locale, title, body, fact) => {
    for (const alert of ['dispute_created', 'dispute_more_evidence', 'inquiry_opened']) {
      const to = someone({ locale, writtenAt: new Date('2026-12-06T10:00:00Z') })
      const { subject, text, preheader } = await email(operatorAlert, { alert, amount, respondBy }, to)
      expect(subject).toContain(title.replace('is disputed', ''))
      for (const part of [body, fact]) expect(text).toContain(part)
      expect(preheader).toContain('2026')
      expect(text).not.toMatch(/at your payment provider by|Respond by|hasta el|तक /)
    }
  })

  it.each([
    ['2026-12-05T23:59:59Z', '2026-12-05T23:59:58Z', false],
    ['2026-12-05T23:59:59Z', '2026-12-05T23:59:59Z', true],
    ['2026-12-05', '2026-12-05T23:59:59Z', false],
    ['2026-12-05', '2026-12-06T00:00:00Z', true],
  ])('may be answered until its moment, or the end of its day: %s at %s', async (respondBy, at, isOver) => {
    const { subject } = await email(
      operatorAlert,
      { alert: 'dispute_created', respondBy },
      someone({ writtenAt: new Date(at) }),
    )
    expect(subject.includes('is over')).toBe(isOver)
  })

  it('of a payout says that the money is not lost', async () => {
    const { subject, text } = await email(operatorAlert, { alert: 'payout_failed', amount })
    expect(subject).toBe('A payout of £1,240.00 didn’t reach your bank account')
    expect(text).toContain('account\n\nThe money isn’t lost: ')
    expect(text).not.toContain('Respond by')
  })

  it('of any other kind is shown by its message', async () => {
    const message = 'The queue of texts has not moved for ten minutes.'
    const { subject, text, preheader } = await email(operatorAlert, { alert: 'queue_stuck', message, respondBy })
    expect([subject, preheader]).toEqual(['Alert: Queue stuck', message])
    expect(text).toContain(`Alert: Queue stuck\n\n${message}\n\nRespond by: 5 December`)
    expect((await email(operatorAlert, {})).text).toContain('Alert: Disk nearly full\n\nNo details were given.\n')
  })

  it('adds a message to what it says itself, and reads codes aloud', async () => {
    const { text } = await email(operatorAlert, {
      alert: 'dispute_created',
      reason: 'product_not_received',
      message: 'Second one this week.',
    })
    expect(text).toMatch(/usually lost\. Second one this week\.\n\nReason: Product not received\n/)
  })

  it('goes to the operator, who is not greeted and not sent to themselves for help', async () => {
    expect(operatorAlert.audience).toBe('operator')
    const { text } = await email(operatorAlert, { alert: 'payout_failed' })
    expect(text).not.toMatch(/\bHi\b|Ada Lovelace|Reply to this email/)
  })
})

describe('a subscription that is charged without the customer', () => {
  it.each([
    [
      'en-GB',
      'Practical Typography renews on 16 December 2030 for £45.00',
      'You don’t need to do anything.',
      /paid\?|is due/i,
    ],
    [
      'es',
      'Practical Typography se renueva el 16 de diciembre de 2030 por 45,00 GBP',
      'No tiene que hacer nada.',
      /ya ha pagado|vence/i,
    ],
    ['hi', 'Practical Typography का रिन्यूअल 16 दिसंबर 2030 को होगा: £45.00', 'आपको कुछ करने की ज़रूरत नहीं है।', /अनदेखा|देय है/],
  ])('renews, and asks for nothing, in %s', async (locale, words, nothing, asks) => {
    const renewed = await email(installmentReminder, { renews: true }, someone({ locale }))
    expect(renewed.subject.replaceAll(/\s/g, ' ')).toBe(words)
    expect(renewed.text).toContain(nothing)
    expect(renewed.text).not.toMatch(asks)
    const due = await email(installmentReminder, {}, someone({ locale }))
    expect(due.text).toMatch(asks)
  })
})

describe('money that was taken', () => {
  it.each([
    [
      'en-GB',
      /taken the money \(£78\.85\) back from your balance\. If you win, it’s returned\./,
      /goes back to your balance/,
    ],
    ['es', /se ha retirado de su saldo\. Si la gana, se le devuelve\./, /vuelve a su saldo/],
    ['hi', /£78\.85\) आपके बैलेंस से काट लिया गया है/, /बैलेंस में लौट आता है/],
  ])('is said of a dispute, and that it comes back when it is won, in %s', async (locale, created, won) => {
    const data = { amount: { amount: 7885, currency: 'gbp' }, isTaken: true }
    const to = someone({ locale })
    expect((await email(operatorAlert, { ...data, alert: 'dispute_created' }, to)).text).toMatch(created)
    expect((await email(operatorAlert, { ...data, alert: 'dispute_won' }, to)).text).toMatch(won)
    const { text } = await email(operatorAlert, { ...data, isTaken: null, alert: 'dispute_created' }, to)
    expect(text).not.toMatch(created)
  })
})
