// A notifier whose words are not in every language: it is said at the start and by preview.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { catalogs } from '../../emails/_parts/words.ts'
import { missingWords } from '../../src/copy/missing-words.ts'
import { command } from '../helper/command.ts'
import { startWorld } from '../helper/world.ts'

const { en = {}, es = {}, hi = {} } = catalogs
const before = { es: { ...es }, hi: { ...hi }, en: { ...en } }
afterEach(() => {
  Object.assign(es, before.es)
  Object.assign(hi, before.hi)
  Object.assign(en, before.en)
})

const whole =
  'installment-overdue has no words in es and hi (emails/_words/es.json, emails/_words/hi.json): who reads es or hi gets English.'

function withoutWords(): void {
  delete es['installment-overdue']
  delete hi['installment-overdue']
}

it('none are missing of what ships', () => {
  expect(missingWords()).toEqual([])
})

it('a language, a message or the English that is missing has a line', () => {
  withoutWords()
  expect(missingWords()).toEqual([whole])
  Object.assign(hi, before.hi)
  const { subject: _, ...rest } = before.es['installment-overdue'] ?? {}
  es['installment-overdue'] = rest
  expect(missingWords()).toEqual([
    'installment-overdue lacks subject in emails/_words/es.json: messages that need them cannot be rendered in es.',
  ])
  Object.assign(es, before.es)
  delete en['installment-overdue']
  expect(missingWords()).toEqual([
    'installment-overdue has no words in en (emails/_words/en.json): its messages cannot be rendered.',
  ])
})

it('preview says it', async () => {
  withoutWords()
  const out = await mkdtemp(path.join(tmpdir(), 'posthorn-words-'))
  const said = await command(['preview', 'installment-overdue', '--out', out])
  expect(said).toMatchObject({ code: 0, stderr: `${whole}\n` })
  await rm(out, { recursive: true })
})

it('the start says it', async () => {
  withoutWords()
  const world = await startWorld()
  expect(world.printed).toContain(whole)
  expect(world.log.join('')).toContain('installment-overdue has no words in es and hi')
  await world.stop()
})
