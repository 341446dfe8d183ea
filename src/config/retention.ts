// Settings of how long each class of data is kept.
import type { Reader } from '../settings/reader.ts'
import * as value from '../settings/values.ts'
import type { RetentionDays } from './config.ts'

const defaultDays = 90
const mostDays = 36_500
/** The database refuses to remove the audit sooner (sql/020). */
const leastAuditDays = 30

export function retention({ read, given, fault }: Reader): RetentionDays {
  const all = read('RETENTION_DAYS', value.integer(1, mostDays)) ?? defaultDays
  const ofClass = (name: string) => read(name, value.integer(1, mostDays)) ?? all
  const days: RetentionDays = {
    messages: ofClass('RETENTION_DAYS_MESSAGES'),
    events: ofClass('RETENTION_DAYS_EVENTS'),
    addresses: ofClass('RETENTION_DAYS_ADDRESSES'),
    audit: read('RETENTION_DAYS_AUDIT', value.integer(leastAuditDays, mostDays)),
    accessLog: read('RETENTION_DAYS_ACCESS_LOG', value.integer(1, mostDays)),
  }

  const { messages, events, addresses, audit } = days
  const chain = [
    {
      ...{ name: 'RETENTION_DAYS_MESSAGES', kept: messages, holder: 'RETENTION_DAYS_EVENTS', most: events },
      why: 'a message must not outlive the event that says whose data is in it',
    },
    {
      ...{ name: 'RETENTION_DAYS_EVENTS', kept: events, holder: 'RETENTION_DAYS_ADDRESSES', most: addresses },
      why: 'the body of an event has the addresses in it',
    },
    {
      ...{ name: 'RETENTION_DAYS_ADDRESSES', kept: addresses, holder: 'RETENTION_DAYS_AUDIT', most: audit },
      why: 'an address is a part of its notification',
    },
  ]
  for (const { name, kept, holder, most, why } of chain) {
    if (most === null || kept <= most) continue
    if (given(name)) fault(name, `is ${kept} days, and ${holder} is ${most}: ${why}; give at most ${most}`)
    else fault(holder, `is ${most} days, and ${name} is ${kept}: ${why}; give at least ${kept}, or ${name} as well`)
  }
  return days
}
