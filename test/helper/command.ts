// Runs a command of the command line in this process, with settings of a test.
import { vi } from 'vitest'
import { runCommandLine } from '../../src/cli/command-line.ts'
import { testConfig } from './world.ts'

export interface Said {
  /** The exit code. */
  code: number
  stdout: string
  stderr: string
}

/** Colours are left out, as in a pipe. */
export async function command(args: string[], env: Record<string, string> = {}): Promise<Said> {
  const said = { stdout: '', stderr: '' }
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((line: string) => {
      said.stdout += `${line}\n`
    }),
    vi.spyOn(console, 'error').mockImplementation((line: string) => {
      said.stderr += `${line}\n`
    }),
  ]
  const before = process.exitCode
  process.exitCode = 0
  const config = testConfig(env)
  try {
    const code = await runCommandLine(args, {
      withSettings: (_name, work) => work(config),
      start: async () => {},
      migrate: async () => {},
    })
    return { code: code ?? Number(process.exitCode), ...said }
  } finally {
    process.exitCode = before
    for (const spy of spies) spy.mockRestore()
  }
}
