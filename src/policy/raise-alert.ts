// Decides when the operator is sent an alert about something that is wrong, so that emails stay few.

/** What is known of something that is or was wrong. */
export interface Alert {
  raisedAt: Date
  /** When the operator was last sent it. */
  sentAt: Date
  /** Whether it was sent since it was raised. */
  isSent: boolean
  /** Null while it lasts. */
  clearedAt: Date | null
}

/** One that recurs within this time is not sent again. */
const recursAfterMs = 4 * 3_600_000
/** One that persists is sent again after this time. */
const remindAfterMs = 24 * 3_600_000

/** The alert once something is wrong at this time, and whether to send it; null where nothing changes. */
export function raised(known: Alert | null, at: Date): { alert: Alert; sends: boolean } | null {
  if (!known) return { alert: { raisedAt: at, sentAt: at, isSent: true, clearedAt: null }, sends: true }
  const sentBeforeMs = at.getTime() - known.sentAt.getTime()
  if (known.clearedAt === null)
    return sentBeforeMs >= remindAfterMs ? { alert: { ...known, sentAt: at, isSent: true }, sends: true } : null
  const sends = sentBeforeMs >= recursAfterMs
  return { alert: { raisedAt: at, sentAt: sends ? at : known.sentAt, isSent: sends, clearedAt: null }, sends }
}
