// Every code is said in English, in whole sentences; so is a code, or a parameter, that only another version knows.
import { expect, it } from 'vitest'
import { attemptCauseText } from '../../src/show/causes.ts'
import { reasonText } from '../../src/show/reason.ts'
import { entryText } from '../../src/show/timeline-entry.ts'
import { causeSamples, entrySamples, reasonSamples } from './samples.ts'

interface Sample {
  code: string
  params: Record<string, unknown>
}

function flat(samples: Record<string, object[]>): Sample[] {
  return Object.entries(samples).flatMap(([code, all]) => all.map((params) => ({ code, params: { ...params } })))
}

const entryTexts = (sample: Sample) => {
  const { what, detail } = entryText(sample)
  return detail === null ? [what] : [what, detail]
}
const kinds: [string, Sample[], (sample: Sample) => string[]][] = [
  ['reason', flat(reasonSamples), (sample) => [reasonText(sample)]],
  ['cause of an attempt', flat(causeSamples), (sample) => [attemptCauseText('resend', sample)]],
  ['timeline entry', flat(entrySamples), entryTexts],
]

/** What is wrong with a text as English; null if nothing is. */
function faultOf(text: string): string | null {
  // What a provider reported stands as it is.
  if (!/^[A-Z0-9]/.test(text)) return `no capital: ${text}`
  if (!/[.?!]$/.test(text) && !/^[\d.]+: /.test(text)) return `no full stop: ${text}`
  if (/undefined|\bnull\b|NaN|\[object|\{|\}|@| {2}|\.\.| \.|^$/.test(text)) return `not English: ${text}`
  return null
}

it.each(kinds)('every %s is a sentence, with all that its parameters can be', (_kind, samples, textsOf) => {
  expect(samples.flatMap(textsOf).flatMap((text) => faultOf(text) ?? [])).toEqual([])
})

it.each(kinds)('a %s whose parameters another version wrote is readable', (_kind, samples, textsOf) => {
  const stored = samples.flatMap(({ code }) => [
    { code, params: null },
    { code, params: { provider: 7, by: null, cause: { kind: 'asleep' }, reason: 'x', isNew: true } },
  ])
  expect(stored.flatMap((one) => textsOf(one as Sample)).flatMap((text) => faultOf(text) ?? [])).toEqual([])
})

it('a code that only a newer version knows is readable', () => {
  const stored = { code: 'moved_to_archive', params: { by: 'ops', provider: 'resend' } }
  expect(reasonText(stored)).toBe('Moved to archive.')
  expect(attemptCauseText('resend', stored)).toBe('Moved to archive.')
  expect(entryText(stored)).toEqual({
    what: 'Moved to archive.',
    detail: 'Another version of Posthorn recorded this.',
  })
  expect(reasonText({ code: 'constructor', params: null })).toBe('Constructor.')
})

it('the case stands after the sentence of its code, and names keep their spelling', () => {
  expect(reasonText({ code: 'bad_data', params: { path: 'data.total', message: 'must be an object' } })).toBe(
    'The event’s data does not have the form that the notifier requires. At data.total: must be an object.',
  )
})

it('a provider is called by its title, and its own words stand beside what they mean', () => {
  const [refused = {}] = entrySamples.answered
  expect(entryText({ code: 'answered', params: { ...refused } })).toEqual({
    what: 'Resend rejected the request.',
    detail: 'Resend answered 401: API key is invalid. Not sent. Check your account or settings at Resend.',
  })
})
