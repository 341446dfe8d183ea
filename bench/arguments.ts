// Reads the arguments of a kit: its options, its help, or one line that says what is wrong.
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** As of a command: wrong usage. */
const badUsage = 64

/** What ends the kit before it begins. */
export interface Ended {
  exitCode: 0 | typeof badUsage
  text: string
}

export function wrong(text: string): Ended {
  return { exitCode: badUsage, text: `${text} --help says more.` }
}

type Given<T extends ParseArgsConfig> = ReturnType<typeof parseArgs<T>>

/** `--help` and `-h` answer the usage. */
export function argumentsOf<T extends ParseArgsConfig & { args: string[] }>(
  usage: string,
  config: T,
): { given: Given<T> } | { ended: Ended } {
  if (config.args.some((one) => one === '--help' || one === '-h')) return { ended: { exitCode: 0, text: usage } }
  try {
    return { given: parseArgs(config) }
  } catch (error) {
    const isWrong = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_')
    if (!isWrong) throw error
    return { ended: wrong(`${error.message.split(/[.\n]/, 1)[0]}.`) }
  }
}

/** Says it and ends the process. */
export function endWith({ exitCode, text }: Ended): never {
  if (exitCode === 0) console.log(text)
  else console.error(text)
  process.exit(exitCode)
}
