// Says the entries of timelines in English, for support staff: what happened, then what it means.
import { known, type StoredCode } from '../domain/coded.ts'
import { reason } from '../domain/reason.ts'
import { type Entry, entryCodes } from '../domain/timeline.ts'
import { faultOf } from '../providers/index.ts'
import { attemptCauseText } from './causes.ts'
import { nextStep } from './next-step.ts'
import { nameOf, reported, sentence, sentences, unknownCode } from './provider.ts'
import { reasonText, sandboxCauses } from './reason.ts'
import { replies, reports } from './reports.ts'

export interface EntryText {
  what: string
  detail: string | null
}

/** An entry of another version is shown by its code. */
export function entryText(stored: StoredCode): EntryText {
  const entry = known(entryCodes, stored)
  if (!entry) return { what: unknownCode(stored.code), detail: 'Another version of Posthorn recorded this.' }
  const [what, detail = null] = textsOf(entry)
  return { what: sentence(what), detail }
}

/** So many a reader may follow. */
const partsNamed = 5

type Texts = [what: string, detail?: string | null]

function textsOf(entry: Entry): Texts {
  switch (entry.code) {
    case 'created':
      return created(entry.params)
    case 'called':
      return called(entry.params)
    case 'answered':
      return answered(entry.params)
    case 'reported': {
      const { provider, receipt, code, text } = entry.params
      return [`${nameOf(provider)} ${reports[receipt]}`, reported(code, text)]
    }
    case 'sandboxed':
      return ['It is for the sandbox, which sends nothing.', sandboxCauses[entry.params.cause]]
    case 'content_removed':
      return ['Its content and its address were removed.', reasonText(reason('retention'))]
    case 'message_removed':
      return ['Its content was removed.', reasonText(reason('retention'))]
    case 'address_removed':
      return ['Its address was removed.', reasonText(reason('retention'))]
    case 'next':
      return [nextStep(entry.params), textOrNull(entry.params.reason)]
    case 'ended':
      return [`It ended as ${entry.params.state}.`, textOrNull(entry.params.reason)]
    case 'answered_late': {
      const { provider, attempt, outcome, text } = entry.params
      const given = `Attempt ${attempt} had been given up before its answer came: ${outcome}.`
      return [`${nameOf(provider)} answered late.`, sentences(given, text && sentence(text))]
    }
    case 'looked_up':
      return lookedUp(entry.params)
    case 'receipt_given_up':
      return ['A receipt was given up.', textOrNull(entry.params.reason)]
    case 'settled_by_receipt': {
      const { provider, attempt, isTaken } = entry.params
      const settled = `A receipt of ${nameOf(provider)} settled the outcome: it ${isTaken ? 'has' : 'never had'} the message.`
      return [settled, `The outcome of attempt ${attempt} was unknown.`]
    }
    case 'settled_by_person': {
      const { by, isSent, attempts } = entry.params
      const which = `${attempts.length === 1 ? 'attempt' : 'attempts'} ${attempts.join(', ')}`
      return [`${by} settled it as ${isSent ? '' : 'not '}sent.`, `The outcome of ${which} was unknown.`]
    }
    case 'address_reported': {
      const { provider, report, code, text } = entry.params
      const what = `A report of ${nameOf(provider)} names this address and no message: ${report}.`
      return [what, reported(code, text)]
    }
    case 'replied':
      return replies[entry.params.keyword]
    case 'superseded':
      return [`Cancelled because of another event: ${entry.params.type}.`, `It was event ${entry.params.event}.`]
    case 'resumed':
      return [`Planned again because of another event: ${entry.params.type}.`, `It was event ${entry.params.event}.`]
    case 'digested':
      return ['It became part of a digest.', `The digest is notification ${entry.params.digest}.`]
    case 'digest_made': {
      const { count, parts } = entry.params
      const named = parts.slice(0, partsNamed)
      const others = count - named.length
      return [
        `It is a digest of ${count} ${count === 1 ? 'part' : 'parts'}.`,
        `${others > 0 ? 'Its first parts' : 'Its parts'}: notifications ${named.join(', ')}${others > 0 ? `, and ${others} more` : ''}.`,
      ]
    }
    case 'retry_requested': {
      const { by, isLimitLifted, ...before } = entry.params
      return [`${by} requested a retry.`, sentences(was(before), isLimitLifted && 'Its time limit was lifted.')]
    }
    case 'replayed':
      return [`${entry.params.by} replayed its event.`, was(entry.params)]
    case 'cancelled':
      return [
        `${entry.params.by} cancelled it.`,
        entry.params.mayBeTaken ? 'An earlier attempt may have been accepted.' : null,
      ]
    case 'event_replay_requested':
      return [`${entry.params.by} requested a replay${entry.params.force ? ' with force' : ''}.`]
    case 'event_replayed':
      return [`${entry.params.by} replayed it.`]
    case 'timer_cancelled':
      return [`${entry.params.by} cancelled its timer.`, `It would have created ${entry.params.emits}.`]
  }
}

type ParamsOf<C extends Entry['code']> = Extract<Entry, { code: C }>['params']

function textOrNull(reason: StoredCode | null): string | null {
  return reason && reasonText(reason)
}

function was({ state, reason }: { state: string; reason: StoredCode | null }): string {
  return reason ? `It was ${state}: ${reasonText(reason)}` : `It was ${state}.`
}

function created({ notifier, channel, eventType, isCollected, suppressed }: ParamsOf<'created'>): Texts {
  const form = { email: 'an email', sms: 'a text message', callback: 'a callback' }[channel]
  const what = `Created from ${eventType} by ${notifier}, as ${form}.`
  if (channel === 'callback') return [what, 'Its body is fixed: every attempt signs and sends the same bytes.']
  if (isCollected) return [what, 'It is kept for a digest, which will be one message.']
  if (suppressed) return [what, `Not sent. ${reasonText(suppressed)}`]
  return [what, 'Its content is fixed: every attempt sends the same message.']
}

function called({ provider, app, attempt, round, cause }: ParamsOf<'called'>): Texts {
  return [
    `Posthorn called ${nameOf(provider, app)}.`,
    sentences(`Attempt ${attempt}, round ${round}.`, app === null && attemptCauseText(provider, cause)),
  ]
}

function answered(params: ParamsOf<'answered'>): Texts {
  const { provider, app, outcome, statusCode, text } = params
  const who = nameOf(provider, app)
  const isAccepted = outcome === 'accepted'
  const said = text ? sentence(text) : statusCode && !isAccepted ? `It answered ${statusCode}.` : null
  const means = app === null ? meaning(params) : meaningOfCallback(params)
  return [outcomeText(params, who), isAccepted ? sentences(means, said) : sentences(said, means)]
}

function outcomeText({ outcome, blame }: ParamsOf<'answered'>, who: string): string {
  switch (outcome) {
    case 'accepted':
      return `${who} accepted it.`
    case 'rejected':
      return blame === 'message' ? `${who} rejected the message.` : `${who} rejected the request.`
    case 'deferred':
      return `${who} could not accept it now.`
    case 'unknown':
      return `${who} may have accepted it.`
  }
}

function meaning({ provider, outcome, blame, errorCode, messageId }: ParamsOf<'answered'>): string | null {
  switch (outcome) {
    case 'accepted':
      return messageId ? `Its id there is ${messageId}.` : null
    case 'rejected':
      if (blame === 'message') return 'Not sent. No other provider is tried, because none would accept it.'
      if (errorCode && faultOf(provider, errorCode) === 'filtered')
        return 'Not sent. It concerns this message and this number; another provider may take it.'
      return `Not sent. Check your account or settings at ${nameOf(provider)}.`
    case 'deferred':
      return 'Not sent.'
    case 'unknown':
      return 'The call ended without a clear answer.'
  }
}

/** An app may have read a callback that it did not acknowledge; the id lets it recognise a repeat. */
function meaningOfCallback({ outcome, messageId }: ParamsOf<'answered'>): string | null {
  switch (outcome) {
    case 'accepted':
      return messageId ? `The webhook’s id was ${messageId}.` : null
    case 'rejected':
      return 'This callback is not repeated.'
    default:
      return 'It was not acknowledged. A repeat has the same id.'
  }
}

function lookedUp({ provider, attempt, answer, isNotTaken }: ParamsOf<'looked_up'>): Texts {
  const who = nameOf(provider)
  const lost = `The answer to attempt ${attempt} was lost.`
  if (answer === 'found') return [`A look-up at ${who} found the message: it was sent.`, lost]
  if (answer === 'unclear') return [`A look-up at ${who} had no clear answer.`, lost]
  if (isNotTaken) return [`A second look-up at ${who} did not find the message: it was not sent.`, lost]
  return [`A look-up at ${who} did not find the message yet.`, `${lost} It may show up late.`]
}
