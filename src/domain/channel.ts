// The channels by which messages go out.

/** The channels to people; `callback` is the channel to the apps that send events. */
export const personalChannels = ['email', 'sms'] as const
export type PersonalChannel = (typeof personalChannels)[number]
export const channels = [...personalChannels, 'callback'] as const
export type Channel = (typeof channels)[number]

export function isPersonal(channel: Channel): channel is PersonalChannel {
  return channel !== 'callback'
}
