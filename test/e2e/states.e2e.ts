// What waits, went wrong or is unusually large, on a phone and a desk, in light and dark.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInToken } from '../../src/wire/sign-in-link.ts'
import { startTcpProxy } from '../helper/tcp-proxy.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { visitor } from '../helper/visitor.ts'
import { eventually, keys, startWorld, type World } from '../helper/world.ts'
import { launchBrowser, openPage, takePicture } from './browser.ts'
import { fits, looks, narrowest, readsWell, type SignedIn, signIn } from './reads-well.ts'
import { seedStates, twilioToken } from './states-seed.ts'

/** A minute, from one address. */
const mostRefused = 60

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser?.close())

describe('a service on which things wait', () => {
  let email: Vendor
  let sms: Vendor
  let world: World
  let pages: Record<string, string>
  beforeAll(async () => {
    email = await startVendor(accepting.sendgrid)
    sms = await startVendor(accepting.twilio)
    world = await startWorld({
      env: {
        ...{ SENDGRID_API_KEY: 'SG.1', SENDGRID_BASE_URL: email.url, DEFAULT_LOCALE: 'en-US' },
        ...{
          TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
          TWILIO_AUTH_TOKEN: twilioToken,
          TWILIO_FROM: '+15005550006',
        },
        ...{ TWILIO_BASE_URL: sms.url, OPERATOR_EMAIL: 'desk@fernwood.example' },
      },
    })
    pages = await seedStates(world, { email, sms })
  }, 240_000)
  afterAll(async () => {
    await world?.stop()
    await email?.close()
    await sms?.close()
  })

  const told: Record<string, (string | RegExp)[]> = {
    dispute: ['the time to respond is over'],
    digest: ['It is a digest of 47 parts.', ', and 42 more.'],
    'long-subject': ['Donaudampfschifffahrtsgesellschaft'],
    'right-to-left': ['طلب-٧٧'],
    emoji: ['👩🏽‍🚀', '🎉 Ligatures'],
    receipts: ['of 12,000 receipts', /\d+ times, the last (on|at) /],
    audience: ['2,000 messages: 2,000 scheduled.', 'All messages about practical-typography-7'],
    'wait-for-payment': [
      'That is in 2 days, on ',
      'It is not sent if payment.received or order.cancelled about ORD-DUE comes first.',
    ],
    'wait-for-payment-event': ['unless payment.received or order.cancelled with the same reference comes first'],
    superseded: ['Your payment went through after all', 'The email as it would have been sent'],
    'send-at': ['Next: it is sent. That is in 1 day, on '],
    'text-stop': ['Its owner opted out, for example by the reply STOP.', 'reply START', 'Lift that first'],
    'text-landline': ['as a landline takes no texts', 'may we use another one?', 'Lift that first'],
    'text-suppressed': ['The address is on the suppression list.', 'by START where it was STOP', 'reply START'],
    'text-filtered': [
      'It reported: Twilio reported undelivered with code 30007: a filter of the carrier or of Twilio stopped it',
      /carrier ?did not take it/,
    ],
    'text-unregistered': ['the sender is not registered for texts to the United States', 'has to be fixed'],
    'text-off': ['the phone is switched off or out of reach', /phone ?not reached/],
    paused: [
      'Next: a look whether a provider is available.',
      'It waits until the provider is resumed, under Providers.',
    ],
    'quiet-hours': ['Waiting for quiet hours to end', 'We send no text messages at night'],
    queued: ['Queued; a worker will pick it up shortly.'],
    'retry-due': ['It will be tried again in the next round.', /We try again (on|at) [^,]* UTC, and there is nothing/],
    'provider-down': ['It waits to be sent.', /there is nothing for you to do|it goes out by itself/],
    'busy-overview': ['No SMS goes out: Twilio is paused.', 'only a person resumes it'],
    'busy-providers': ['SendGrid and Twilio are not called now.'],
  }

  describe('on the narrowest phone', () => {
    let opened: SignedIn
    beforeAll(async () => {
      opened = await signIn(browser, world, narrowest)
    })
    afterAll(() => opened?.close())

    it.each(Object.keys(told))('the page %s does not scroll sideways', async (name) => {
      await opened.page.goto(world.url + pages[name])
      await fits(opened.page)
    })
  })

  describe.each(looks)('at $width px in $scheme', (look) => {
    let opened: SignedIn
    beforeAll(async () => {
      opened = await signIn(browser, world, look)
    })
    afterAll(() => opened?.close())

    it('the email of a digest ends with how many courses it leaves out', async () => {
      const { page } = opened
      await page.goto(world.url + pages['digest-email'])
      await takePicture(page, `digest-email-${look.width}-${look.scheme}`)
      expect((await page.textContent('body'))?.replace(/\s+/g, ' ')).toMatch(/of 50 lessons.*And 8 more/)
    })

    it.each(Object.entries(told))('the page %s reads well', async (name, words) => {
      const { page, strays, faults } = opened
      await page.goto(world.url + pages[name])
      await readsWell(page, look, name)
      const text = ((await page.textContent('main')) ?? '').replace(/\s+/g, ' ')
      for (const each of words) expect(text).toMatch(each)
      expect(strays).toEqual([])
      expect(faults).toEqual([])
    })
  })
})

describe.each(looks)('what goes wrong at $width px in $scheme', (look) => {
  let world: World
  const proxy = startTcpProxy()
  beforeAll(async () => {
    world = await startWorld({ through: (await proxy).through })
  })
  afterAll(async () => {
    await world?.stop()
    await (await proxy).close()
  })

  it('signing in with a wrong key, an old link, and too often', async () => {
    const { page, close } = await openPage(browser, look)
    await page.goto(`${world.url}/dashboard`)
    const wrong = async () => {
      await page.getByLabel('API key').fill('a-key-that-nobody-has')
      await page.getByRole('button', { name: 'Sign in' }).click()
    }
    await wrong()
    await page.getByText('This key is not known here').waitFor()
    await readsWell(page, look, 'wrong-key')
    const operator = { name: 'operator', key: keys.operator }
    const old = signInToken(operator, new Date(Date.now() - 3_600_000))
    await page.goto(`${world.url}/dashboard/link?token=${old}`)
    await readsWell(page, look, 'old-link')
    const stranger = visitor(world)
    await stranger.get('/dashboard/sign-in')
    for (let i = 0; i < mostRefused; i++) {
      await stranger.get('/dashboard/link?token=x')
      await stranger.post('/dashboard/sign-in', { key: 'a-key-that-nobody-has' })
    }
    await page.reload()
    await page.getByText('Too many tries from this address').waitFor()
    await readsWell(page, look, 'too-many-links')
    await page.goto(`${world.url}/dashboard`)
    await wrong()
    await page.getByText('Too many tries from this address').waitFor()
    await readsWell(page, look, 'too-many-tries')
    await close()
  })

  it('a page that is not there, an act that is not allowed, a form of another time, a database that is away', async () => {
    const { page, close } = await signIn(browser, world, look, keys.viewer)
    await page.goto(`${world.url}/dashboard/nowhere`)
    await readsWell(page, look, 'no-such-page')
    await page.goto(`${world.url}/dashboard/notifications/00000000-0000-7000-8000-000000000000`)
    await readsWell(page, look, 'no-such-message')
    await page.goto(`${world.url}/dashboard/replays/plan?since=2020-01-01&until=2100-01-01`)
    await readsWell(page, look, 'not-allowed')
    await (await proxy).cut()
    await page.goto(`${world.url}/dashboard`)
    await readsWell(page, look, 'database-away')
    await (await proxy).restore()
    await eventually(async () => (await world.get('/readyz', '')).status === 200)
    await page.getByRole('link', { name: 'Try again' }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await close()
  })
})
