// Reads a recipient's preferences, and changes them through the unsubscribe link. A change holds for their id, and for the
// address that the link was sent to, so that the address stays opted out under any other id.
import type { Ctx } from '../context.ts'
import { optOutsIn } from '../policy/eligibility.ts'
import type { UnsubscribeRequest } from '../privacy/unsubscribe-token.ts'
import type { Reader } from '../store/db.ts'
import { preferencesAbout } from '../store/people/eligibility.ts'
import {
  lastAddressesOf,
  type PreferenceChange,
  type Preferences,
  type PreferredChannel,
  preferredChannels,
  savePreferences,
} from '../store/people/preferences.ts'

const by = 'the unsubscribe link'

interface Chooser {
  recipientId: string | null
  app?: string
  email?: string | null
  sms?: string | null
}

/**
 * What holds for a person's next `product` messages, by what they said before they were erased too. A missing address defaults to
 * the one that the id was last sent to, because its opt-out would apply.
 */
export async function preferencesOf(
  { pseudonymOf }: Pick<Ctx, 'pseudonymOf'>,
  db: Reader,
  { recipientId, app = '', ...given }: Chooser,
): Promise<Preferences> {
  const last = recipientId === null ? null : await lastAddressesOf(db, recipientId, app)
  const to = { email: given.email ?? last?.email ?? null, sms: given.sms ?? last?.sms ?? null }
  const who = { id: recipientId ?? undefined, email: to.email ?? undefined, phone: to.sms ?? undefined }
  const optOutOf = optOutsIn(await preferencesAbout(db, [who], pseudonymOf))
  const isAllowed = (channel: PreferredChannel) =>
    optOutOf({ channel, to: to[channel], recipientId, source: app }) === null
  return { email: isAllowed('email'), sms: isAllowed('sms') }
}

/** The current preferences, for the channels that this link covers. */
export async function preferencesFor(ctx: Ctx, unsubscribe: UnsubscribeRequest): Promise<Partial<Preferences>> {
  const { recipientId, app, channel, address } = unsubscribe
  const now = await preferencesOf(ctx, ctx.db, { recipientId, app, [channel]: address })
  return Object.fromEntries(channelsOf(unsubscribe).map((c) => [c, now[c]]))
}

/** Opts out of, or back in to, messages like the one with the link. Idempotent. */
export async function setPreference(ctx: Ctx, unsubscribe: UnsubscribeRequest, allowed: boolean): Promise<void> {
  await save(ctx, unsubscribe, { [unsubscribe.channel]: allowed })
}

/** Saves what differs from the current preferences: the rest may derive from a change made elsewhere. */
export async function setPreferences(ctx: Ctx, unsubscribe: UnsubscribeRequest, wanted: Preferences): Promise<void> {
  const before = await preferencesFor(ctx, unsubscribe)
  const changed = channelsOf(unsubscribe).filter((channel) => wanted[channel] !== before[channel])
  await save(ctx, unsubscribe, Object.fromEntries(changed.map((channel) => [channel, wanted[channel]])))
}

/** Without an id only the address of the link, and so its channel, is known. */
function channelsOf({ recipientId, channel }: UnsubscribeRequest): PreferredChannel[] {
  return recipientId === null ? [channel] : preferredChannels
}

async function save(
  ctx: Ctx,
  { recipientId, app, channel, address }: UnsubscribeRequest,
  changes: Partial<Preferences>,
): Promise<void> {
  const words = preferredChannels.flatMap((c): PreferenceChange[] => {
    const allowed = changes[c]
    return allowed === undefined
      ? []
      : [{ channel: c, allowed, recipientId, app, address: c === channel ? address : null }]
  })
  await savePreferences(ctx.db, words, by, ctx.clock.now())
  ctx.log.info({ stage: 'consent', by, ...changes }, 'preferences changed')
}
