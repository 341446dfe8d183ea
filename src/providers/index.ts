// Every provider that exists, and the routes: which of them carry a channel, the first one first.
// A new vendor is one file, its keys in config.ts and one line in `makers`.
import type { Config } from '../config/config.ts'
import { type Channel, type PersonalChannel, personalChannels } from '../domain/notification.ts'
import { callback } from './callback/send.ts'
import { fast2sms } from './fast2sms/send.ts'
import { callbackBase } from './kit/callback-base.ts'
import { mailgun } from './mailgun/send.ts'
import { msg91 } from './msg91/send.ts'
import type { AnyProvider } from './provider.ts'
import { resend } from './resend/send.ts'
import { sandbox } from './sandbox/send.ts'
import { sendgrid } from './sendgrid/send.ts'
import { smtp } from './smtp/send.ts'
import { twilio } from './twilio/send.ts'
import { vonage } from './vonage/send.ts'

export interface RouteDeps {
  /** Where the sandbox prints its lines. */
  print: (line: string) => void
  nowMs: () => number
}

type Maker = (config: Config, deps: RouteDeps) => AnyProvider | null

/** In the order of the route; null where a vendor is not configured. */
const makers: Record<PersonalChannel, Record<string, Maker>> = {
  email: {
    resend: ({ resend: own }, { nowMs }) => own && resend(own, nowMs),
    sendgrid: ({ sendgrid: own }, { nowMs }) => own && sendgrid(own, nowMs),
    mailgun: ({ mailgun: own }, { nowMs }) => own && mailgun(own, nowMs),
    smtp: ({ smtp: own }) => own && smtp(own),
  },
  sms: {
    twilio: ({ twilio: own, publicUrl }, { nowMs }) => own && twilio(own, callbackBase(publicUrl), nowMs),
    vonage: ({ vonage: own }, { nowMs }) => own && vonage(own, nowMs),
    msg91: ({ msg91: own }, { nowMs }) => own && msg91(own, nowMs),
    fast2sms: ({ fast2sms: own }, { nowMs }) => own && fast2sms(own, nowMs),
  },
}

/** What EMAIL_PROVIDERS and SMS_PROVIDERS may name. */
export const providerNames: Record<PersonalChannel, string[]> = {
  email: [...Object.keys(makers.email), 'sandbox'],
  sms: [...Object.keys(makers.sms), 'sandbox'],
}

/**
 * Each channel's providers in order; callbacks have one of our own where an app wants some. Where nothing is named they are the configured ones, or the
 * sandbox if no vendor of any channel is configured. Throws where one is named that is not configured.
 */
export function routes(config: Config, deps: RouteDeps): Record<Channel, AnyProvider[]> {
  const named = { email: config.emailProviders, sms: config.smsProviders }
  const made = { email: new Map<string, AnyProvider>(), sms: new Map<string, AnyProvider>() }
  for (const channel of personalChannels)
    for (const [name, make] of Object.entries(makers[channel])) {
      const provider = make(config, deps)
      if (provider) made[channel].set(name, provider)
    }
  const nobody = made.email.size + made.sms.size === 0
  const route = (channel: PersonalChannel): AnyProvider[] => {
    const names = named[channel] ?? (nobody ? ['sandbox'] : [...made[channel].keys()])
    return [...new Set(names)].map((name) => {
      const provider = name === 'sandbox' ? sandbox(channel, deps.print) : made[channel].get(name)
      if (!provider) throw new Error(`the ${channel} route names ${name}, which is not configured`)
      return provider as AnyProvider
    })
  }
  return { email: route('email'), sms: route('sms'), callback: callbackRoute(config, deps) }
}

function callbackRoute({ callbacks, apps }: Config, { nowMs }: RouteDeps): AnyProvider[] {
  if (Object.keys(callbacks.urls).length === 0) return []
  return [callback({ ...callbacks, secrets: apps ?? [] }, nowMs)]
}
