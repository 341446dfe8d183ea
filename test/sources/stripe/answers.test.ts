// What an answer of Stripe that cannot be used is told as: what it is, and only a broken connection as one.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { enrichFromStripe } from '../../../src/sources/stripe/enrich.ts'
import { startVendor, type Vendor, type VendorAnswer } from '../../helper/vendor.ts'

let stripe: Vendor
beforeAll(async () => {
  stripe = await startVendor({ json: {} })
})
afterAll(() => stripe.close())

const unreadable = 'Stripe’s answer about cus_7 could not be read.'
const unreached = 'Stripe could not be reached.'
const answered = (status: number) => `Stripe answered the request for cus_7 with ${status}.`

const answers: [name: string, answer: VendorAnswer, text: string][] = [
  ['a page of a gateway', { text: '<html>Sign in</html>' }, unreadable],
  ['nothing', { text: '' }, unreadable],
  ['a list', { json: [] }, unreadable],
  ['null', { json: null }, unreadable],
  ['a word', { json: 'ok' }, unreadable],
  ['a page of a gateway that is 502', { status: 502, text: '<html>Bad gateway</html>' }, answered(502)],
  ['a refusal without an error', { status: 500, json: { message: 'no' } }, answered(500)],
  ['an error of Stripe', { status: 500, json: { error: { type: 'api_error' } } }, answered(500)],
  ['a connection that is reset', 'reset-after-read', unreached],
  ['half of an answer', 'cut', unreached],
  ['no HTTP', 'junk', unreached],
]
it.each(answers)('%s', async (_name, answer, text) => {
  stripe.answer(answer)
  const ask = enrichFromStripe({ apiKey: 'rk_test_of_the_look_ups_1234', apiBase: stripe.url })
  const address = [{ kind: 'customer', id: 'cus_7' }]
  const asked = ask({ account: null, context: null, content: [], address, names: [] })
  expect(await asked).toEqual({ kind: 'later', text, retryAfterMs: null })
})
