// Reads and changes a recipient's preferences through the unsubscribe link. A change holds for their id, and for the
// address that the link was sent to, so that the address stays opted out under any other id.
import type { Ctx } from '../context.ts'
import type { Leaving } from '../privacy/unsubscribe-token.ts'
import {
  keepWords,
  type Preferences,
  type PreferredChannel,
  preferencesOf,
  preferredChannels,
  type Word,
} from '../store/people/preferences.ts'

const by = 'the unsubscribe link'

/** The current preferences, for the channels that this link covers. */
export async function preferencesFor(ctx: Ctx, leaving: Leaving): Promise<Partial<Preferences>> {
  const { recipientId, app, channel, address } = leaving
  const now = await preferencesOf(ctx.db, { recipientId, app, [channel]: address })
  return Object.fromEntries(channelsOf(leaving).map((c) => [c, now[c]]))
}

/** Opts out of, or back in to, messages like the one with the link. Idempotent. */
export async function setPreference(ctx: Ctx, leaving: Leaving, allowed: boolean): Promise<void> {
  await save(ctx, leaving, { [leaving.channel]: allowed })
}

/** Saves what differs from the current preferences: the rest may derive from a change made elsewhere. */
export async function setPreferences(ctx: Ctx, leaving: Leaving, wanted: Preferences): Promise<void> {
  const before = await preferencesFor(ctx, leaving)
  const changed = channelsOf(leaving).filter((channel) => wanted[channel] !== before[channel])
  await save(ctx, leaving, Object.fromEntries(changed.map((channel) => [channel, wanted[channel]])))
}

/** Without an id only the address of the link, and so its channel, is known. */
function channelsOf({ recipientId, channel }: Leaving): PreferredChannel[] {
  return recipientId === null ? [channel] : preferredChannels
}

async function save(
  ctx: Ctx,
  { recipientId, app, channel, address }: Leaving,
  changes: Partial<Preferences>,
): Promise<void> {
  const words = preferredChannels.flatMap((c): Word[] => {
    const allowed = changes[c]
    return allowed === undefined
      ? []
      : [{ channel: c, allowed, recipientId, app, address: c === channel ? address : null }]
  })
  await keepWords(ctx.db, words, by, ctx.clock.now())
  ctx.log.info({ stage: 'consent', by, ...changes }, 'preferences changed')
}
