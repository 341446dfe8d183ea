// The commands that ask a running service, or show what it would send.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { sendable } from '../accept/test-message.ts'
import type { Config } from '../config/config.ts'
import { loadSettings } from '../config/load.ts'
import { channels, states } from '../domain/notification.ts'
import { vendorSources } from '../sources/index.ts'
import { connect, connectable } from './connect.ts'
import { systemDns } from './doctor/dns.ts'
import { doctor } from './doctor/doctor.ts'
import { explainFile } from './explain.ts'
import { searchNotifications, showNotification } from './notifications.ts'
import { preview } from './preview.ts'
import { replay } from './replay.ts'
import { sendTest } from './send.ts'
import { timeOption } from './times.ts'
import { trigger, triggerTypes } from './trigger.ts'

/** Runs a command's work with the settings. */
export type WithSettings = (name: string, work: (config: Config) => Promise<void>) => Promise<void>

type AddCommand = (name: string, description: string) => Command

const ago = 'an ISO 8601 time, or how long ago, such as 2h or 3d'

export function addQuestions(command: AddCommand, withSettings: WithSettings): void {
  command('doctor', 'check the settings, the database, the providers and the sender’s domain, and say how to fix each')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('doctor', 'doctor --json'))
    // Invalid settings are a failed check here.
    .action((options) => doctor(loadSettings(), systemDns(), options))
  withKey(
    command('connect', 'register the receipt webhook at a provider, and wait for the signed receipt of a test message'),
  )
    .argument('<provider>', `one of ${connectable.join(', ')}`)
    .option('--to <address>', 'who gets the test message (default: the provider’s own test address, or OPERATOR_EMAIL)')
    .option('--wait <seconds>', 'how long to wait for the receipt', wholeNumber, 120)
    .option('--no-canary', 'send no test message')
    .addHelpText('after', examples(`connect ${connectable[0]}`, `connect ${connectable[0]} --no-canary`))
    .action((name, options) => withSettings('connect', (config) => connect(config, name, options)))
  withKey(
    command('trigger', 'sign a sample event as its source would, and post it to a running service'),
    'an API key, by which it asks why an event was ignored (default: from the settings here)',
  )
    .argument('<type>', 'the event’s type; a vendor’s own type may have its source before it')
    .option('--email <address>', 'the recipient’s address')
    .option('--phone <number>', 'the recipient’s number, such as +14155550123')
    .option('--data <file>', 'the event’s data, or a whole event, as JSON; - for stdin')
    .option('--app <name>', 'the app that sends it (default: the first in the settings)')
    .option('--id <id>', 'the event’s id; the same id again is a duplicate (default: a new id)')
    .addHelpText('after', examples('trigger order.shipped --email ada@example.com', 'trigger payment_intent.succeeded'))
    .addHelpText('after', `\nTypes: ${triggerTypes.join(', ')}`)
    .action((type, options) => withSettings('trigger', (config) => trigger(config, type, options)))
  withKey(command('send', 'send a test message through the real route, and follow it to its end'))
    .argument('<notifier>', 'the notifier whose sample is sent')
    .requiredOption('--to <address>', 'required: an email address, or a phone number such as +14155550123')
    .option('--locale <locale>', 'the language (default: that of the sample)')
    .option('--wait <seconds>', 'how long to wait for the receipt; 0 waits only until it is sent', wholeNumber, 60)
    .addHelpText('after', examples('send order-shipped --to ada@example.com', 'send order-shipped --to +14155550123'))
    .addHelpText('after', `\nNotifiers: ${sendable.join(', ')}`)
    .action((name, options) => withSettings('send', (config) => sendTest(config, name, options)))
  withKey(command('explain', 'print what a running service would do with an event; nothing is stored or sent'))
    .argument('<file>', 'the event’s body as JSON, or - for stdin')
    .option(
      '--source <name>',
      `whose event it is: an app, ${vendorSources.map(({ name }) => name).join(' or ')} (default: the API key’s)`,
    )
    .addHelpText('after', examples('explain event.json', 'explain - < event.json'))
    .action((file, options) => withSettings('explain', (config) => explainFile(config, file, options)))
  withKey(command('notifications', 'search notifications, newest first'))
    .option('--recipient <text>', 'a recipient’s id or address')
    .option('--reference <text>', 'an order number, or another reference of the event')
    .option('--notifier <name>', 'the notifier')
    .addOption(new Option('--channel <name>', 'the channel').choices(channels))
    .addOption(new Option('--state <name>', 'the state').choices(states))
    .option('--provider <name>', 'the provider')
    .option('--type <type>', 'the event’s type')
    .option('--source <name>', 'the event’s source')
    .option('--since <time>', ago, timeOption)
    .option('--until <time>', ago, timeOption)
    .option('--limit <count>', 'at most this many, up to 200 (20)')
    .option('--cursor <text>', 'the cursor that the previous page ended with')
    .addHelpText('after', examples('notifications --state failed --since 1d', 'notifications --reference ORD-1001'))
    .action((options) => withSettings('notifications', (config) => searchNotifications(config, options)))
  withKey(command('notification', 'show one notification with its attempts and its timeline'))
    .argument('<id>', 'the notification’s id')
    .addHelpText('after', examples('notification 019a2c5e-0000-7000-8000-000000000000'))
    .action((id, options) => withSettings('notification', (config) => showNotification(config, id, options)))
  withKey(command('replay', 'send what the events of a window should have sent; first prints the plan'))
    .requiredOption('--since <time>', `required: ${ago}`, timeOption)
    .option('--until <time>', `${ago}; else now`, timeOption)
    .option('--dry-run', 'print the plan and replay nothing')
    .option('--source <name>', 'only events of this source')
    .option('--type <type>', 'only events of this type')
    .addOption(new Option('--state <name>', 'only notifications in this state').choices(states))
    .option('--rate <count>', 'at most this many notifications a second (50)', wholeNumber)
    .addHelpText('after', examples('replay --since 2h --dry-run', 'replay --since 1d --until 2h --state failed'))
    .action((options) => withSettings('replay', (config) => replay(config, options)))
  command('preview', 'write the HTML, text and SMS of every notifier and locale to a folder with an index page')
    .argument('[notifier]', 'only this notifier')
    .option('--out <folder>', 'where to write', 'previews')
    .option('--against <folder>', 'show what differs from the previews there, and exit with 1 if anything does')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('preview', 'preview order-shipped --out new --against previews'))
    .action((name, options) => withSettings('preview', (config) => preview(config, name, options)))
}

/** The options that say where a running service is, and which key to use. */
function withKey(command: Command, key = 'an API key (default: from the settings here)'): Command {
  return command
    .addOption(new Option('--url <url>', 'the running service (default: from the settings here)').env('POSTHORN_URL'))
    .addOption(new Option('--key <key>', key).env('POSTHORN_API_KEY'))
    .option('--json', 'print the answer as JSON')
}

/** The end of a command's help. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  posthorn ${line}`).join('\n')}`
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('Give a whole number.')
  return Number(text)
}
