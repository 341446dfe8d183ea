// A signed Stripe webhook of a payment, for the demo.
import type { Demo } from '../kit/sample.ts'
import { samples } from './samples.ts'
import { signed } from './signature.ts'

const secret = 'whsec_of_this_demo'

export const demo: Demo = {
  env: { STRIPE_WEBHOOK_SECRET: secret },
  webhook(now) {
    const nowMs = now.getTime()
    const person = { email: 'ada@example.com', phone: '+14155550123', customer: 'cus_sample' }
    const about = { ...person, run: nowMs.toString(36), nowMs }
    const raw = Buffer.from(JSON.stringify(samples['payment_intent.succeeded'](about)))
    return { title: 'Stripe: a payment succeeded', headers: signed(secret, raw, nowMs), body: raw.toString() }
  },
}
