// The pages of codes are what people read: they have every code and every sentence of the code, word for word.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { attemptCauses } from '../src/domain/attempt-cause.ts'
import { type ProblemCode, problemStatuses } from '../src/domain/problem.ts'
import { reasonCodes } from '../src/domain/reason.ts'
import { entryCodes } from '../src/domain/timeline.ts'
import { problemWords } from '../src/http/problems/problem-words.ts'
import { attemptCauseText } from '../src/show/causes.ts'
import { reasonSentences } from '../src/show/reason.ts'
import { entryText } from '../src/show/timeline-entry.ts'
import { causeSamples, entrySamples } from './show/samples.ts'

const page = readFileSync(path.join(import.meta.dirname, '../docs/reasons.md'), 'utf8')
const [reasons = '', entries = '', causes = ''] = page.split(/^# (?:Timeline entries|Causes of attempts)$/m)

/** Each code with the sentence beside it. */
function rowsOf(text: string): [string, string][] {
  return [...text.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].map(([, code = '', sentence = '']) => [code, sentence])
}

it('docs/reasons.md has every reason code with its sentence, in the order of the code', () => {
  expect(rowsOf(reasons)).toEqual(Object.entries(reasonSentences))
  expect(Object.keys(reasonSentences)).toEqual(Object.keys(reasonCodes))
})

it('docs/reasons.md has every code of a timeline entry, with an example of its text', () => {
  const examples = Object.entries(entrySamples).map(([code, [params]]) => {
    const { what, detail } = entryText({ code, params: { ...params } })
    return [code, detail === null ? what : `${what} ${detail}`]
  })
  expect(rowsOf(entries)).toEqual(examples)
  expect(Object.keys(entrySamples).sort()).toEqual(Object.keys(entryCodes).sort())
})

it('docs/reasons.md has every cause of an attempt, with an example of its text', () => {
  const examples = Object.entries(causeSamples).map(([code, [params]]) => [
    code,
    attemptCauseText('resend', { code, params: { ...params } }),
  ])
  expect(rowsOf(causes)).toEqual(examples)
  expect(Object.keys(causeSamples)).toEqual(Object.keys(attemptCauses))
})

it.each([
  ['`unconfirmed`', 'quiet_hours'],
  ['`failed`', 'no_provider'],
])('docs/reasons.md says of %s that it can have the reason %s too', (state, code) => {
  const section = page.split('\n## ').find((text) => text.startsWith(`${state}\n`))
  expect(section).toMatch(new RegExp(`^And \`${code}\`, `, 'm'))
})

it('docs/problems.md has every problem with its status, title, meaning and fix, in the order of the code', () => {
  const problems = readFileSync(path.join(import.meta.dirname, '../docs/problems.md'), 'utf8')
  const documented = [...problems.matchAll(/^## `(\w+)`\n\n(\d+): (.+)\.\n\n(.+)\n\n(.+)$/gm)].map((match) =>
    match.slice(1),
  )
  const known = Object.entries(problemStatuses).map(([code, status]) => {
    const { title, meaning, fix } = problemWords[code as ProblemCode]
    return [code, String(status), title, meaning, fix]
  })
  expect(documented).toEqual(known)
  expect(Object.keys(problemWords)).toEqual(Object.keys(problemStatuses))
  expect(problems.match(/^## /gm)).toHaveLength(known.length)
})

it('.dockerignore lets through all that the Dockerfile copies from the checkout', () => {
  const read = (name: string) => readFileSync(path.join(import.meta.dirname, '..', name), 'utf8')
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) =>
    names.split(' '),
  )
  const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, name]) => name)
  expect(copied).toContain('clients')
  expect(copied.filter((name) => !allowed.includes(name))).toEqual([])
})
