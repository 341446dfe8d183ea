// A service on which things wait, went wrong or are unusually large: what the pages of the states are made of.
import { posthorn } from '../../clients/typescript/index.ts'
import { ordered, paymentIntent, stripeEvent } from '../helper/events.ts'
import { twilioCallback } from '../helper/receipts.ts'
import { accepting, type Vendor } from '../helper/vendor.ts'
import { eventually, keys, type World } from '../helper/world.ts'

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
const course = { courseTitle: 'Practical Typography', url: 'https://learn.example.com/courses/practical-typography/7' }

/** Signs what Twilio reports. */
export const twilioToken = 'token-of-tests'

/** Pages by the names of their pictures. Vendors are made to fail on the way, and fail from then on. */
export async function seedStates(
  world: World,
  { email, sms }: { email: Vendor; sms: Vendor },
): Promise<Record<string, string>> {
  const client = posthorn({ url: world.url, key: keys.operator })
  const first = async (body: object) => {
    const { body: accepted } = await world.app(body)
    const { notifications } = await world.event(accepted.id, ({ status }) => status !== 'accepted')
    return notifications[0]?.id ?? ''
  }
  const of = (id: string) => `/dashboard/notifications/${id}`
  const pages: Record<string, string> = {}

  pages.dispute = of(await dispute(world))
  const digest = await digested(world)
  pages.digest = of(digest)
  pages['digest-email'] = `${of(digest)}/email`
  pages['long-subject'] = of(
    await first({
      type: 'content.published',
      recipient: {
        id: 'cus_long',
        email: `${'a-very-long-name-of-a-mailbox-'.repeat(2)}x@${'sub.'.repeat(12)}example.org`,
      },
      reference: `REF-${'0123456789'.repeat(9)}`,
      data: {
        ...course,
        courseTitle:
          'Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstellenleiterprüfungsvorbereitung',
        contentTitle: `Setting tables ${'that read well in every browser and on every phone, '.repeat(5)}`.trim(),
      },
    }),
  )
  pages['right-to-left'] = of(
    await first(
      ordered({
        recipient: { id: 'cus_rtl', email: 'layla@example.org', name: 'ليلى بنت عبد الرحمن الأندلسي', locale: 'ar-EG' },
        reference: 'طلب-٧٧',
      }),
    ),
  )
  pages.emoji = of(
    await first({
      type: 'content.published',
      recipient: { id: 'cus_👩🏽‍🚀', email: 'zoe@example.org', name: 'Zoë 👩🏽‍🚀🏳️‍🌈 O’Brien' },
      reference: 'ORD-🎁',
      data: { ...course, contentTitle: '🎉 Ligatures 👩‍👩‍👧‍👦 and friends 🇮🇳' },
    }),
  )
  pages.receipts = of(await manyReceipts(world, await first(ordered({ recipient: { email: 'many@example.org' } }))))
  pages['wait-for-payment'] = of(
    await first({
      type: 'payment.pending',
      recipient: { id: 'cus_due', email: 'due@example.org' },
      reference: 'ORD-DUE',
      data: { amount: { amount: 4999, currency: 'eur' }, orderNumber: 'ORD-DUE', payUrl: 'https://shop.example/pay' },
    }),
  )
  pages['wait-for-payment-event'] = await eventOf(world, pages['wait-for-payment'])
  pages.superseded = of(await superseded(world, first))
  pages['send-at'] = of(await first(ordered({ recipient: { email: 'later@example.org' }, sendAt: inHours(30) })))

  const textTo = (phone: string) => first(ordered({ recipient: { phone }, channels: ['sms'] }))
  Object.assign(pages, await refusedTexts(world, sms, async (phone) => of(await textTo(phone))))

  await client.POST('/v1/providers/{name}/pause', { params: { path: { name: 'twilio' } } })
  const text = () => first(ordered({ recipient: { id: 'cus_text', phone: '+14155550178' }, channels: ['sms'] }))
  pages.paused = of(await text())
  pages['quiet-hours'] = of(
    await moved(world, await text(), { state: 'scheduled', reason: 'quiet_hours', minutes: 540 }),
  )
  pages.queued = of(await moved(world, await text(), { state: 'pending', reason: 'due', minutes: 30 }))

  email.answer({ status: 503, json: { errors: [{ message: 'Service temporarily unavailable' }] } })
  const retried = await first(ordered({ recipient: { email: 'again@example.org' }, reference: 'ORD-AGAIN' }))
  await eventually(async () => (await world.notification(retried)).attempts[0]?.outcome === 'deferred' || null)
  // Its next round stays ahead for as long as the pages are looked at.
  await world.db.query(`update notification_states set due_at = due_at + interval '1 hour' where id = $1`, [retried])
  pages['retry-due'] = of(retried)
  for (let i = 0; i < 6; i++) await first(ordered({ recipient: { email: `down${i}@example.org` } }))
  const isOpen = `select 1 from provider_health where provider = 'sendgrid' and circuit <> 'closed'`
  await eventually(async () => (await world.db.query(isOpen)).rows.length > 0)
  pages['provider-down'] = of(await first(ordered({ recipient: { email: 'down@example.org' }, reference: 'ORD-DOWN' })))
  pages.audience = `/dashboard/events/${await audience(world)}`
  pages['busy-overview'] = '/dashboard'
  pages['busy-providers'] = '/dashboard/providers'
  return pages
}

/** Opened long ago and told of late: the date to answer by has passed. */
async function dispute(world: World): Promise<string> {
  const object = {
    ...{ id: 'dp_late', object: 'dispute', amount: 7885, currency: 'gbp', reason: 'product_not_received' },
    ...{ status: 'needs_response', payment_intent: 'pi_1', is_charge_refundable: false },
    evidence_details: { due_by: Math.floor(Date.now() / 1000) - 9 * 86_400, past_due: true },
  }
  const { body } = await world.stripe(stripeEvent('charge.dispute.created', object, { livemode: true }))
  return (await world.event(body.id)).notifications[0]?.id ?? ''
}

/** Texts that Twilio refuses at once, or reports as not delivered later, with the code that says why. */
async function refusedTexts(
  world: World,
  sms: Vendor,
  text: (phone: string) => Promise<string>,
): Promise<Record<string, string>> {
  const pages: Record<string, string> = {}
  const settled = (page: string, state: string) =>
    eventually(async () => (await world.notification(idIn(page))).state === state || null)
  const refused = { 'text-stop': [21610, '+14155550181'], 'text-landline': [21614, '+14155550182'] } as const
  for (const [name, [code, phone]] of Object.entries(refused)) {
    sms.answer({ status: 400, json: { code, message: 'Refused', more_info: 'https://example.com', status: 400 } })
    pages[name] = await text(phone)
    await settled(pages[name], 'failed')
  }
  sms.answer(accepting.twilio)
  pages['text-suppressed'] = await text(refused['text-stop'][1])
  const reported = { 'text-filtered': '30007', 'text-unregistered': '30034', 'text-off': '30003' }
  for (const [name, ErrorCode] of Object.entries(reported)) {
    const page = await text('+14155550183')
    pages[name] = page
    await settled(page, 'sent')
    const { providerMessageId, to } = await world.notification(idIn(page))
    const { payload, headers, path } = twilioCallback(
      { MessageSid: providerMessageId ?? '', MessageStatus: 'undelivered', To: to ?? '', ErrorCode },
      { authToken: twilioToken, publicUrl: world.url },
    )
    await world.send(path, payload, headers)
    await settled(page, 'undelivered')
  }
  return pages
}

const idIn = (page: string) => page.split('/').at(-1) ?? ''

/** More courses than an email shows, all due at one moment. */
async function digested(world: World): Promise<string> {
  const sendAt = inHours(1)
  const recipient = { id: 'cus_pupil', email: 'pupil@example.org', name: 'Ada Lovelace', locale: 'en-GB' }
  const report = (i: number) => ({
    courseTitle: `Course ${i} of the great catalogue`,
    completedLessons: i,
    totalLessons: 50,
    minutesSpent: 10 * i,
  })
  await Promise.all(
    Array.from({ length: 47 }, (_, i) =>
      world.app({ type: 'student.progress', recipient, sendAt, data: report(i + 1) }),
    ),
  )
  await eventually(async () => {
    const { rows } = await world.db.query(
      `select count(*)::integer as n from notifications where notifier = 'weekly-progress' and state = 'scheduled'`,
    )
    return rows[0].n === 47
  })
  // All are there: their hour has come.
  for (const change of [
    `update notification_details set scheduled_for = now() where notifier = 'weekly-progress'`,
    `update notification_states set due_at = now() where state = 'scheduled' and digest_key is not null`,
    `update posthorn_jobs.job set start_after = now() where name = 'digest-normal'`,
  ])
    await world.db.query(change)
  return eventually(async () => {
    const { rows } = await world.db.query<{ id: string }>(
      `select id from notifications where notifier = 'weekly-progress' and state in ('sent', 'delivered')`,
    )
    return rows[0]?.id
  })
}

async function audience(world: World): Promise<string> {
  const recipients = Array.from({ length: 2000 }, (_, i) => ({ id: `cus_${i}`, email: `pupil${i}@example.org` }))
  const { data, error } = await posthorn({ url: world.url, key: keys.producer }).POST('/v1/events', {
    body: {
      type: 'content.published',
      recipients,
      sendAt: inHours(48),
      reference: 'practical-typography-7',
      data: { ...course, contentTitle: 'Setting tables that read well' },
    },
  })
  if (error) throw new Error(error.detail)
  const id = data.id
  await world.event(id, ({ status }) => status !== 'accepted')
  return id
}

/** A mail filter that opens a message thousands of times. */
async function manyReceipts(world: World, id: string): Promise<string> {
  await world.quiet()
  const { rows } = await world.db.query<{ id: string }>(
    `insert into reports (id, provider, received_at) values (gen_random_uuid(), 'sendgrid', now()) returning id`,
  )
  await world.db.query(
    `insert into receipts (id, report_id, provider, key, kind, at, received_at, notification_id, attempt_id, applied_at)
     select gen_random_uuid(), $1, 'sendgrid', 'many ' || i, case when i = 1 then 'delivered' else 'scanned' end,
       now() + make_interval(secs => i / 100.0), now() + make_interval(secs => i / 100.0), $2,
       (select id from attempts where notification_id = $2), now()
     from generate_series(1, 12000) as i`,
    [rows[0]?.id, id],
  )
  await world.db.query(`update notification_states set state = 'delivered', delivered_at = now() where id = $1`, [id])
  return id
}

/** A payment that failed, held back by its success before it could be told. */
async function superseded(world: World, first: (body: object) => Promise<string>): Promise<string> {
  const id = await first({
    type: 'payment.failed',
    recipient: { id: 'cus_paid', email: 'paid@example.org' },
    reference: 'ORD-PAID',
    sendAt: inHours(1),
    data: { amount: { amount: 4999, currency: 'eur' }, orderNumber: 'ORD-PAID' },
  })
  await world.stripe(
    stripeEvent('payment_intent.succeeded', paymentIntent({ metadata: { order_number: 'ORD-PAID' } }), {
      livemode: true,
      created: Math.ceil(Date.now() / 1000),
    }),
  )
  return eventually(async () => ((await world.notification(id)).state === 'cancelled' ? id : null))
}

async function eventOf(world: World, page: string): Promise<string> {
  return `/dashboard/events/${(await world.notification(idIn(page))).eventId}`
}

/** To a state that lasts only a moment, or waits for the night. */
async function moved(
  world: World,
  id: string,
  to: { state: string; reason: string; minutes: number },
): Promise<string> {
  await world.db.query(
    `update notification_states set state = $2, reason_code = $3, reason_params = '{}', due_at = now() + make_interval(mins => $4)
     where id = $1`,
    [id, to.state, to.reason, to.minutes],
  )
  return id
}
