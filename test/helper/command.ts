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
export function command(args: string[], env: Record<string, string> = {}): Promise<Said> {
  const config = testConfig(env)
  return captured(() =>
    runCommandLine(args, {
      withSettings: (_name, work) => work(config),
      start: async () => {},
      migrate: async () => {},
    }),
  )
}

/** What the work prints, and the exit code that it answers or sets. */
export async function captured(work: () => Promise<unknown>): Promise<Said> {
  const said = { stdout: '', stderr: '' }
  const spies = (['log', 'error'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((line: string) => {
      said[name === 'log' ? 'stdout' : 'stderr'] += `${line}\n`
    }),
  )
  const before = process.exitCode
  process.exitCode = 0
  try {
    const code = await work()
    return { code: typeof code === 'number' ? code : Number(process.exitCode), ...said }
  } finally {
    process.exitCode = before
    for (const spy of spies) spy.mockRestore()
  }
}
