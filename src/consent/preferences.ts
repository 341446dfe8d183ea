// What a person says by the link in a message: no more of these, these again, or what they choose on its page.
// Said of their id and of the address that the link was sent to, so it holds for that address under any other id too.
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

/** What they get now, on the channels that this link can speak of. */
export async function preferencesFor(ctx: Ctx, leaving: Leaving): Promise<Partial<Preferences>> {
  const { recipientId, app, channel, address } = leaving
  const now = await preferencesOf(ctx.db, { recipientId, app, [channel]: address })
  return Object.fromEntries(channelsOf(leaving).map((c) => [c, now[c]]))
}

/** A no to messages such as the one with the link, or a yes again. Said twice, it is the same. */
export async function setPreference(ctx: Ctx, leaving: Leaving, allowed: boolean): Promise<void> {
  await save(ctx, leaving, { [leaving.channel]: allowed })
}

/** What they ticked. What was so before is not said again: it may rest on what they said elsewhere. */
export async function setPreferences(ctx: Ctx, leaving: Leaving, wanted: Preferences): Promise<void> {
  const before = await preferencesFor(ctx, leaving)
  const changed = channelsOf(leaving).filter((channel) => wanted[channel] !== before[channel])
  await save(ctx, leaving, Object.fromEntries(changed.map((channel) => [channel, wanted[channel]])))
}

/** Without an id, nothing but the link's own address is known. */
function channelsOf({ recipientId, channel }: Leaving): PreferredChannel[] {
  return recipientId === null ? [channel] : preferredChannels
}

async function save(
  ctx: Ctx,
  { recipientId, app, channel, address }: Leaving,
  said: Partial<Preferences>,
): Promise<void> {
  const words = preferredChannels.flatMap((c): Word[] => {
    const allowed = said[c]
    return allowed === undefined
      ? []
      : [{ channel: c, allowed, recipientId, app, address: c === channel ? address : null }]
  })
  await keepWords(ctx.db, words, by, ctx.clock.now())
  ctx.log.info({ stage: 'consent', by, ...said }, 'a person chose what they get')
}
