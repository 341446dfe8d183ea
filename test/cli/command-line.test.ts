// The command line without its work: help, version, and what is said of a wrong call.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { commandLine, runCommandLine } from '../../src/cli/command-line.ts'

let ran: string[]
let said: { stdout: string; stderr: string }
const service = {
  withSettings: async (name: string) => {
    ran.push(name)
  },
  start: async () => {},
  migrate: async () => {},
}

beforeEach(() => {
  ran = []
  said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += text
      return true
    })
})
afterEach(() => vi.restoreAllMocks())

const run = (...args: string[]) => runCommandLine(args, service)
const names = commandLine(service).commands.map((command) => command.name())
/** The options without which a command is refused first. */
const mandatory = ([name]: string[]) =>
  (commandLine(service).commands.find((one) => one.name() === name)?.options ?? [])
    .filter((option) => option.mandatory)
    .flatMap((option) => [option.long ?? '', '1h'])
const { version } = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8'))

describe.each([[], ...names.map((name) => [name])])('posthorn %s', (...command) => {
  it('has help, which ends with 0 and runs nothing', async () => {
    for (const option of ['--help', '-h']) {
      said.stdout = ''
      expect(await run(...command, option)).toBe(0)
      expect(said).toMatchObject({
        stdout: expect.stringContaining(`Usage: ${['posthorn', ...command].join(' ')} `),
        stderr: '',
      })
    }
    expect(said.stdout).toMatch(/-V, --version +print the version/)
    expect(said.stdout, 'it shows how it is called').toMatch(/^Examples:\n {2}posthorn /m)
    expect(ran).toEqual([])
  })

  it('has its version, which ends with 0 and runs nothing', async () => {
    expect(await run(...command, '--version')).toBe(0)
    expect({ said, ran }).toEqual({ said: { stdout: `${version}\n`, stderr: '' }, ran: [] })
  })

  it('refuses an unknown option with 64, what was meant, and the usage in one line', async () => {
    expect(await run(...command, ...mandatory(command), '--versio')).toBe(64)
    expect(said.stderr).toMatch(/^Unknown option '--versio'\.\n\(Did you mean --version\?\)\n.*Usage: posthorn .*\n$/)
    expect({ stdout: said.stdout, ran }).toEqual({ stdout: '', ran: [] })
  })
})

it('prints its help where nothing is said, and starts nothing', async () => {
  expect(await run()).toBe(0)
  expect(said.stdout).toMatch(/^Usage: posthorn [\s\S]*Examples:\n {2}posthorn start/)
  expect(ran).toEqual([])
})

it('names the command that was meant by an unknown one', async () => {
  expect(await run('migrat')).toBe(64)
  expect(said.stderr).toBe(
    `Unknown command 'migrat'.\n(Did you mean migrate?)\nCommands: ${names.join(', ')}. Usage: posthorn <command> [options]; --help says more.\n`,
  )
})

it.each([
  [['explain'], "Missing required argument 'file'."],
  [['send', 'order-shipped'], "Required option '--to <address>' not specified."],
  [
    ['notifications', '--state', 'lost'],
    /^Option '--state <name>' argument 'lost' is invalid\. Allowed choices are scheduled, /,
  ],
  [
    ['notifications', '--since', 'yesterday'],
    /Give an ISO 8601 time such as 2026-11-21T10:00:00Z, or a time ago such as 2h or 3d\.$/,
  ],
  [['start', 'now'], "Too many arguments for 'start'. Expected 0 arguments but got 1: now."],
])('refuses %j', async (args, text) => {
  expect(await run(...args)).toBe(64)
  const [first] = said.stderr.split('\n')
  if (typeof text === 'string') expect(first).toBe(text)
  else expect(first).toMatch(text)
})

it('says which variables stand for the options', async () => {
  await run('explain', '--help')
  expect(said.stdout).toMatch(/--url <url>[\s\S]*POSTHORN_URL[\s\S]*--key <key>[\s\S]*POSTHORN_API_KEY[\s\S]*--json/)
})
