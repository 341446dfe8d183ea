// The shapes that events and notifications are made of, as the API answers them.
import { z } from 'zod'
import { priorities } from '../../domain/event.ts'
import { channels, states } from '../../domain/notification.ts'

export const time = z.iso.datetime()
export const id = (what: string) => z.string().describe(`The id of ${what}; opaque.`)

export const channelShape = z
  .enum(channels)
  .meta({ id: 'Channel', description: 'How a message travels; an app gets callbacks.' })
export const stateShape = z
  .enum(states)
  .meta({ id: 'NotificationState', description: 'docs/states.md says what each means.' })
export const priorityShape = z.enum(priorities).meta({ id: 'Priority' })
export const categoryShape = z
  .enum(['transactional', 'product'])
  .meta({ id: 'Category', description: '`product` messages are sent until the person opts out.' })
export const reasonShape = z
  .object({
    code: z.string().describe('Stable; docs/reasons.md lists all.'),
    text: z.string(),
    cause: z.string().optional().describe('More exactly, for some codes of docs/reasons.md.'),
  })
  .meta({
    id: 'Reason',
    description: 'Why something is in its state, with a sentence for support staff.',
    examples: [{ code: 'no_address', text: 'The recipient has no address for this channel.' }],
  })

export function isoOrNull(at: Date | null): string | null {
  return at ? at.toISOString() : null
}
