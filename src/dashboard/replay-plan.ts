// What a replay would do, as a list of sentences.
import { count } from './parts.tsx'
import type { ReplayCounts } from './shown.ts'

type Counts = Pick<ReplayCounts, 'wouldSend' | 'alreadySent' | 'expired' | 'suppressed' | 'other'>

export function planLines({ wouldSend, alreadySent, expired, suppressed, other }: Counts, force = false): string[] {
  const verb = (n: number) => (n === 1 ? 'is' : 'are')
  return [
    `${count(wouldSend, 'message')} would be sent.`,
    ...(force && wouldSend > 0 ? ['What was sent before would arrive a second time.'] : []),
    `${count(alreadySent, 'message')} ${alreadySent === 1 ? 'was' : 'were'} already sent and ${verb(alreadySent)} not sent again.`,
    `${count(expired, 'message')} would be too late to be useful.`,
    `${count(suppressed, 'message')} ${verb(suppressed)} not sent on purpose.`,
    `${count(other, 'message')} ${verb(other)} in progress, unconfirmed, cancelled or without content.`,
  ]
}
