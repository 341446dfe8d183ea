// What a replay would do, as a list of sentences.
import { count } from '../kit/parts.tsx'
import type { ReplayCounts } from '../kit/shown.ts'

type Counts = Pick<ReplayCounts, 'wouldSend' | 'alreadySent' | 'expired' | 'suppressed' | 'other'>

export function planLines({ wouldSend, alreadySent, expired, suppressed, other }: Counts, force = false): string[] {
  const verb = (n: number) => (n === 1 ? 'is' : 'are')
  return [
    wouldSend > 0 ? `${count(wouldSend, 'message')} would be sent.` : 'No message would be sent.',
    ...(force && wouldSend > 0 ? ['What was sent before would arrive a second time.'] : []),
    ...some(alreadySent, `${alreadySent === 1 ? 'was' : 'were'} already sent and ${verb(alreadySent)} not sent again.`),
    ...some(expired, 'would be too late to be useful.'),
    ...some(suppressed, `${verb(suppressed)} kept back on purpose: suppressed, or turned off by the customer.`),
    ...some(other, `${verb(other)} left alone: in progress, in doubt, cancelled or without content.`),
  ]
}

/** Nothing is said of none. */
function some(n: number, what: string): string[] {
  return n > 0 ? [`${count(n, 'message')} ${what}`] : []
}
