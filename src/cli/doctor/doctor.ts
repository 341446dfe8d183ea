// `posthorn doctor`: one line for each check, green or red, with a fix for each that is not green.
import type { Config } from '../../config/config.ts'
import type { loadSettings } from '../../config/load.ts'
import { mailboxOf } from '../../providers/kit/mailbox.ts'
import { print, printJson } from '../output.ts'
import { bold, dim, green, red, yellow } from '../styles.ts'
import { bad, type Check, notAsked, ok, warning } from './check.ts'
import { checkDatabase } from './database.ts'
import { checkDns, type Dns } from './dns.ts'
import { checkProviders } from './providers.ts'

export type LoadedSettings = ReturnType<typeof loadSettings>

/** Exits with 1 if a check is red. Changes nothing and sends nothing. */
export async function doctor(loaded: LoadedSettings, dns: Dns, { json }: { json?: boolean }): Promise<void> {
  const settings = checkSettings(loaded)
  const checks = loaded.ok ? [...settings, ...(await checkRest(loaded.config, dns))] : settings
  const failures = checks.filter((check) => check.ok === false).length
  if (failures > 0) process.exitCode = 1
  if (json) return printJson({ ok: failures === 0, checks })
  for (const line of lines(checks)) print(line)
  const warnings = checks.filter((check) => check.warn).length
  const end =
    failures === 0 ? 'Nothing is red' : `${failures} of ${checks.length} checks ${failures === 1 ? 'is' : 'are'} red`
  print(bold(`${end}${warnings === 0 ? '' : `; ${warnings} ${warnings === 1 ? 'is a warning' : 'are warnings'}`}.`))
}

function checkSettings(loaded: LoadedSettings): Check[] {
  const misspelt = loaded.misspelt.map(({ name, text }) => bad('settings', name, text, 'Correct the name in .env.'))
  const doubts = loaded.doubts.map(({ name, text }) =>
    warning(
      'settings',
      name,
      `It ${text}.`,
      `Copy it again from the vendor into ${name}; leave it if a gateway gave it.`,
    ),
  )
  const found = [...misspelt, ...doubts]
  if (loaded.ok) return found.length > 0 ? found : [ok('settings', 'values', 'All are valid.')]
  return [...found, ...loaded.faults.map(({ name, text }) => bad('settings', name, text, `Correct ${name}.`))]
}

async function checkRest(config: Config, dns: Dns): Promise<Check[]> {
  const database = await checkDatabase(config)
  const domain = config.emailFrom === null ? null : (mailboxOf(config.emailFrom).email.split('@').at(-1) ?? null)
  const { checks, records, spf } = await checkProviders(config, {
    senderDomain: domain,
    connected: database.connected,
  })
  const sender =
    domain === null
      ? [notAsked('sender', 'domain', 'Not checked: EMAIL_FROM is not set.')]
      : await checkDns(dns, domain, { records, spf })
  return [...database.checks, ...checks, ...sender]
}

function lines(checks: Check[]): string[] {
  const width = Math.max(...checks.map(({ area, what }) => `${area} ${what}`.length))
  return checks.flatMap((check) => {
    const mark = check.ok
      ? green('ok   ')
      : check.ok === false
        ? red('red  ')
        : check.warn
          ? yellow('warn ')
          : dim('-    ')
    const fix = check.ok || !check.fix ? [] : [`${' '.repeat(width + 7)}${bold('→')} ${check.fix}`]
    return [`${mark}${`${check.area} ${check.what}`.padEnd(width)}  ${check.text}`, ...fix]
  })
}
