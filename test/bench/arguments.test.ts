// The arguments of the kits: help is an answer, and what is wrong is one line.
import { expect, it } from 'vitest'
import { argumentsOf } from '../../bench/arguments.ts'
import { proveOptions } from '../../bench/prove/arguments.ts'

const scenarios = ['kills', 'answers']
const usual = {
  short: false,
  crashes: 1500,
  prefixes: 200,
  seed: null,
  parts: ['crashes', 'service'],
  scenarios: null,
  breaks: null,
}

it.each([
  [[], usual],
  [['--short'], { ...usual, short: true, crashes: 150, prefixes: 4 }],
  [
    ['--seed', '7', '--crashes', '10', '--prefixes', '0', '--only', 'service', '--scenario', 'kills,answers'],
    { ...usual, seed: 7, crashes: 10, prefixes: 0, parts: ['service'], scenarios },
  ],
  [['--break', 'fence'], { ...usual, parts: ['crashes'], breaks: 'fence' }],
])('%j are read', (args, options) => {
  expect(proveOptions(args, scenarios)).toEqual({ options })
})

it.each([['--help'], ['-h'], ['--short', '--help', '--nonsense']])('%s answers the usage', (...args) => {
  const read = proveOptions(args, scenarios)
  expect(read).toMatchObject({ ended: { exitCode: 0 } })
  const { text } = 'ended' in read ? read.ended : { text: '' }
  expect(text).toContain('npm run prove -- [options]')
  expect(text).toContain('of the service alone: kills, answers')
  for (const option of ['short', 'crashes', 'prefixes', 'seed', 'only', 'scenario', 'break'])
    expect(text).toContain(`--${option} `)
})

it.each([
  [['--nonsense'], "Unknown option '--nonsense'. --help says more."],
  [['more'], "Unexpected argument 'more'. --help says more."],
  [['--seed'], "Option '--seed <value>' argument missing. --help says more."],
  [['--seed', 'x'], "--seed takes a whole number, not 'x'. --help says more."],
  [['--crashes', '-1'], "Option '--crashes' argument is ambiguous. --help says more."],
  [['--break', 'all'], "--break takes fence, flush, not 'all'. --help says more."],
  [['--only', 'service,crash'], "--only takes crashes, service, not 'crash'. --help says more."],
  [['--scenario', 'kill'], "--scenario takes kills, answers, not 'kill'. --help says more."],
])('%j are wrong usage, said in a line', (args, text) => {
  expect(proveOptions(args, scenarios)).toEqual({ ended: { exitCode: 64, text } })
})

it('another error is not taken for wrong usage', () => {
  expect(() => argumentsOf('', { args: ['--a'], options: { a: { type: 'boolean', short: 'ab' } } })).toThrow()
})
