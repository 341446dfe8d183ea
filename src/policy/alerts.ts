// Decides what the service alerts its operator of: what is wrong, and what is well again. Between the two bounds of each,
// nothing changes, so that it does not go back and forth.

/** What the alerts are decided by, as the database has it. */
export interface AlertSigns {
  /** How long the oldest due work has waited, for a worker or for a provider that can be called. */
  oldestSeconds: number
  /** Notifications that were given up after every try, and events that could not be planned; at most 1,000. */
  deadLetters: number
  /** Callbacks that were tried and wait to be tried again; at most 1,000. */
  callbacksRetrying: number
  /** Messages handed over in the last hour, and in the same hour of the same weekday in each of the four weeks before. */
  sent: number
  sentBefore: number[]
  /**
   * `isUsed`: it is on a route. `isPaused`: by a person. `closedSeconds`: how long the circuit has been closed; null if it has
   * never
   * been open.
   */
  providers: {
    provider: string
    isUsed: boolean
    isOpen: boolean
    isPaused: boolean
    closedSeconds: number | null
  }[]
}

export interface Verdict {
  name: string
  is: 'wrong' | 'well'
  /** For the operator's email. */
  title: string
  text: string
  /** The provider that it is about. */
  provider?: string
}

/** The bounds of what waits: wrong from the first on, well below the second. */
const bounds = {
  oldestSeconds: { wrong: 300, well: 60 },
  deadLetters: { wrong: 1, well: 1 },
  callbacksRetrying: { wrong: 20, well: 5 },
} as const
/** As many in that hour, in two weeks of the four before, are usual traffic. */
const usualSent = 10
const usualWeeks = 2
/** A circuit that has been closed for this long is not about to open again. */
const closedForSeconds = 300

const words = {
  oldestSeconds: {
    name: 'work_old',
    wrong: 'Work is getting old',
    well: 'Work is on time again',
    text: (n: number) =>
      `The oldest due work has waited for ${Math.round(n / 60)} minutes. Check that a process with the role worker runs, and whether a provider is slow or not called.`,
  },
  deadLetters: {
    name: 'dead_letters',
    wrong: 'Messages were given up',
    well: 'No message is given up any more',
    text: (n: number) =>
      `${n === 1000 ? '1000 or more' : n} of the last three days were given up. posthorn notifications --state failed lists them with their reasons; posthorn replay sends what an incident has stopped.`,
  },
  callbacksRetrying: {
    name: 'callbacks_failing',
    wrong: 'Callbacks to apps fail',
    well: 'Callbacks to apps arrive again',
    text: (n: number) =>
      `${n === 1000 ? '1000 or more' : n} callbacks failed and are tried again. posthorn notifications --channel callback --state pending lists them; look at the app that they go to.`,
  },
} as const

export function alertVerdicts(signs: AlertSigns): Verdict[] {
  const counted = (Object.keys(bounds) as (keyof typeof bounds)[]).flatMap((sign): Verdict[] => {
    const { name, wrong, well, text } = words[sign]
    const value = signs[sign]
    if (value >= bounds[sign].wrong) return [{ name, is: 'wrong', title: wrong, text: text(value) }]
    return value < bounds[sign].well ? [{ name, is: 'well', title: well, text: over }] : []
  })
  return [...counted, ...silence(signs), ...signs.providers.flatMap(providerDown)]
}

const over = 'This alert is over. Nothing needs to be done.'

/** Quiet while traffic has not been usual at this hour before. */
function silence({ sent, sentBefore }: AlertSigns): Verdict[] {
  const name = 'silence'
  if (sent > 0) return [{ name, is: 'well', title: 'Messages are sent again', text: over }]
  if (sentBefore.filter((before) => before >= usualSent).length < usualWeeks) return []
  const text = `Nothing was sent within an hour in which ${sentBefore.join(', ')} messages were sent in the weeks before. Check that events come in: posthorn doctor, and the log of the service.`
  return [{ name, is: 'wrong', title: 'Nothing was sent for an hour', text }]
}

/** That a circuit has opened is told when it opens, with its cause; here, that it stays open. */
function providerDown({ provider, ...is }: AlertSigns['providers'][number]): Verdict[] {
  const { isUsed, isOpen, isPaused, closedSeconds } = is
  const name = downAlert(provider)
  // What a person has decided is not an alert; what waits for it is work that gets old.
  if (!isUsed || isPaused) {
    const title = isUsed ? `${provider} is paused by a person` : `${provider} is on no route any more`
    return [{ name, is: 'well', title, text: over, provider }]
  }
  if (isOpen) {
    const text =
      'It fails, so it is not called. Every 5 seconds one message probes it. posthorn doctor says what is wrong.'
    return [{ name, is: 'wrong', title: `${provider} is not called`, text, provider }]
  }
  if (closedSeconds === null || closedSeconds < closedForSeconds) return []
  return [{ name, is: 'well', title: `${provider} is called again`, text: over, provider }]
}

export function downAlert(provider: string): string {
  return `provider_down:${provider}`
}
