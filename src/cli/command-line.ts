// The command line: the commands with their options and their help.
import { Command, CommanderError } from 'commander'
import type { Config } from '../config/config.ts'
import { packageVersion } from '../package-root.ts'
import { addQuestions, examples, type WithSettings } from './commands.ts'
import { demo } from './demo.ts'
import { badUsage } from './output.ts'
import { showSecrets } from './secrets.ts'

export interface Service {
  withSettings: WithSettings
  start(config: Config): Promise<void>
  migrate(config: Config): Promise<void>
}

/** Runs the command that the arguments name. Answers the exit code where no command is run, else null. */
export async function runCommandLine(args: string[], service: Service): Promise<number | null> {
  try {
    await commandLine(service).parseAsync(args.length > 0 ? args : ['--help'], { from: 'user' })
    return null
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? 0 : badUsage
  }
}

const overview = `
Examples:
  posthorn start                                          run the service
  posthorn secrets                                        the keys to call it with
  posthorn doctor                                         what is set up, what is not, and how to fix it
  posthorn trigger order.shipped --email ada@example.com  send it a signed sample event
  posthorn notifications --recipient ada@example.com      what became of it

Exit codes: 0 done, 1 failed, 64 wrong usage, 66 unreadable file, 78 wrong settings.`

export function commandLine({ withSettings, start, migrate }: Service): Command {
  const program = new Command('posthorn')
    .description('Signed webhooks in, email and SMS out, with an audit row for every attempt.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(asSentence(text)) })
    .addHelpText('after', overview)
  const command = (name: string, description: string) => versioned(program.command(name).description(description))

  command('start', 'run the service, and migrate the schema first')
    .addHelpText('after', examples('start', 'start   # with POSTHORN_ROLES=worker: no webhooks, only the work'))
    .action(() => withSettings('start', start))
  command('migrate', 'bring the schema of the database up to date, and exit')
    .addHelpText('after', examples('migrate'))
    .action(() => withSettings('migrate', migrate))
  command('demo', 'send sample webhooks to a service with the sandbox, and print what becomes of them')
    .option('--exit', 'end after printing; else the service stays up')
    .addHelpText('after', examples('demo', 'demo --exit'))
    .action((options) => withSettings('demo', (config) => demo(config, options)))
  command('secrets', 'print the keys and secrets that were generated in place of settings')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('secrets', 'secrets --json'))
    .action((options) => withSettings('secrets', (config) => showSecrets(config, options)))
  addQuestions(command, withSettings)

  for (const one of program.commands) one.showHelpAfterError(`Usage: posthorn ${one.name()} ${one.usage()}`)
  const names = program.commands.map((one) => one.name())
  return versioned(program).showHelpAfterError(
    `Commands: ${names.join(', ')}. Usage: posthorn <command> [options]; --help says more.`,
  )
}

function versioned(command: Command): Command {
  return command
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
}

/** `error: unknown option '--colour'` becomes `Unknown option '--colour'.` */
function asSentence(text: string): string {
  const [first = '', ...more] = text
    .trimEnd()
    .replace(/^error: /, '')
    .split('\n')
  const ended = /[.?)]$/.test(first) ? first : `${first}.`
  return `${[ended.charAt(0).toUpperCase() + ended.slice(1), ...more].join('\n')}\n`
}
