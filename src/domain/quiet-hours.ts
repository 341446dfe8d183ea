// The hours of a person's day in which nothing is sent that nobody waits for.

/** On a clock of 24 hours: `09:00`. */
export type TimeOfDay = `${number}:${number}`

/** From the one time of day up to, but not with, the other; over midnight where `until` is the earlier. */
export interface QuietHours {
  from: TimeOfDay
  until: TimeOfDay
}
