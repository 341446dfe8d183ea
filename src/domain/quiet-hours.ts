// Quiet hours: the part of a recipient's day in which messages that can wait are not sent.

/** 24-hour clock: `09:00`. */
export type TimeOfDay = `${number}:${number}`

/** From `from` up to, but not including, `until`; across midnight if `until` is the earlier. */
export interface QuietHours {
  from: TimeOfDay
  until: TimeOfDay
}
