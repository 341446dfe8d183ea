// The list of providers, and the routes made from it.
import { type Channel, type PersonalChannel, personalChannels } from '../domain/notification.ts'
import type { SandboxCause } from '../domain/sandbox.ts'
import type { AppSecret } from '../wire/standard-webhook.ts'
import { callback, callbackName, callbackTitle } from './callback/send.ts'
import { fast2sms } from './fast2sms/index.ts'
import { callbackBase } from './kit/callback-base.ts'
import { mailgun } from './mailgun/index.ts'
import { msg91 } from './msg91/index.ts'
import type { ConfiguredProvider, Fault, Provider, Vendor } from './provider.ts'
import { resend } from './resend/index.ts'
import { sandbox, sandboxName, sandboxTitle } from './sandbox/send.ts'
import { sendgrid } from './sendgrid/index.ts'
import { smtp } from './smtp/index.ts'
import { twilio } from './twilio/index.ts'
import { vonage } from './vonage/index.ts'

/** A channel's default route is its configured vendors, in this order. */
export const vendors: { [C in PersonalChannel]: Vendor<C>[] } = {
  email: [
    // In the order of the default route.
    resend,
    sendgrid,
    mailgun,
    smtp,
  ],
  sms: [
    // In the order of the default route.
    twilio,
    vonage,
    msg91,
    fast2sms,
  ],
}
export const allVendors: Vendor[] = [...vendors.email, ...vendors.sms]

const titles = new Map([
  ...allVendors.map(({ name, title }) => [name, title] as const),
  [sandboxName, sandboxTitle],
  [callbackName, callbackTitle],
])

/** The provider's name for people. */
export function titleOf(provider: string): string {
  return titles.get(provider) ?? provider
}

/** What a code of the provider's reports says of a message that did not arrive; null where it tells none. */
export function faultOf(provider: string, code: string): Fault | null {
  const faults = allVendors.find(({ name }) => name === provider)?.faults ?? {}
  return Object.hasOwn(faults, code) ? (faults[code] ?? null) : null
}

interface RouteSettings {
  /** Keyed by name. */
  providers: ReadonlyMap<string, ConfiguredProvider>
  /** Names in order; null for the default route. */
  emailProviders: string[] | null
  smsProviders: string[] | null
  publicUrl: string | null
  callbacks: { urls: Record<string, string>; allowPrivate: boolean }
  apps: AppSecret[] | null
}

interface RouteDeps {
  /** Where the sandbox prints its lines. */
  print: (line: string) => void
  nowMs: () => number
}

/**
 * The providers of each channel, in order. The default route is the configured vendors, or the sandbox if no vendor of any
 * channel is configured. Throws if a route names a provider that is not configured.
 */
export function routes(settings: RouteSettings, { print, nowMs }: RouteDeps): Record<Channel, Provider[]> {
  const { providers, emailProviders, smsProviders } = settings
  const named = { email: emailProviders, sms: smsProviders }
  const deps = { nowMs, callbackBase: callbackBase(settings.publicUrl) }
  const route = (channel: PersonalChannel): Provider[] => {
    const configured = vendors[channel].map(({ name }) => name).filter((name) => providers.has(name))
    const names = named[channel] ?? (providers.size === 0 ? [sandboxName] : configured)
    return [...new Set(names)].map((name) => {
      if (name === sandboxName) return sandbox(channel, print)
      const provider = configured.includes(name) && providers.get(name)
      if (!provider) throw new Error(`the ${channel} route names ${name}, which is not configured`)
      return provider.make(deps)
    })
  }
  return { email: route('email'), sms: route('sms'), callback: callbackRoute(settings, nowMs) }
}

/** The sandbox of a channel, and why the channel's messages are planned for it; null if they are not. */
export interface Sandbox {
  provider: Provider
  cause: Extract<SandboxCause, 'no_provider' | 'route'> | null
}

/** A channel is the sandbox's if the sandbox is its primary, by name or because no vendor of any channel is configured. */
export function sandboxes(
  { providers, emailProviders, smsProviders }: Pick<RouteSettings, 'providers' | 'emailProviders' | 'smsProviders'>,
  print: RouteDeps['print'],
): Record<PersonalChannel, Sandbox> {
  const causeOf = (named: string[] | null): Sandbox['cause'] => {
    if (named) return named[0] === sandboxName ? 'route' : null
    return providers.size === 0 ? 'no_provider' : null
  }
  return {
    email: { provider: sandbox('email', print), cause: causeOf(emailProviders) },
    sms: { provider: sandbox('sms', print), cause: causeOf(smsProviders) },
  }
}

/** What an operator must know of a service that sends nothing because no provider is configured; null if it sends. */
export function sandboxWarning(sandboxes: Record<PersonalChannel, Sandbox>): string | null {
  const silent = personalChannels.filter((channel) => sandboxes[channel].cause === 'no_provider')
  if (silent.length === 0) return null
  return `No provider is configured: the sandbox takes every ${silent.join(' and ')} message, and nothing is sent.`
}

function callbackRoute({ callbacks, apps }: RouteSettings, nowMs: () => number): Provider[] {
  if (Object.keys(callbacks.urls).length === 0) return []
  return [callback({ ...callbacks, secrets: apps ?? [] }, nowMs)]
}
