// SQL of what is being sent, which the indexes by state and by due time leave out, as each message is that for a moment.

export const isNotBeingSent = `state <> 'sending'`
export const notBeingSent = `(select * from notification_states where ${isNotBeingSent})`

/** The rows of `notification_states` that are being sent, found by their open attempts: as few as there are calls. */
export const beingSent = `(select s.* from attempts a join notification_states s on s.id = a.notification_id
  where a.outcome is null and s.state = 'sending')`
