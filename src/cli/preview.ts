// `posthorn preview`: writes the messages of every notifier and locale, with its sample, to a folder, and compares folders.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { diff } from 'node:util'
import { catalogs } from '../../emails/_parts/words.ts'
import type { Config } from '../config/config.ts'
import { missingWords } from '../copy/missing-words.ts'
import { channelOf, previewFormats, previewOf } from '../copy/preview.ts'
import { defaultsOf } from '../create-context.ts'
import { notifiers } from '../notifiers/index.ts'
import type { Notifier } from '../notifiers/notifier.ts'
import { nearestName } from '../wire/nearest-name.ts'
import { badUsage, fail, noInput, print, printJson } from './output.ts'
import { fileOf, indexPage } from './preview-index.ts'
import { bold, dim, green, red } from './styles.ts'

export interface PreviewOptions {
  out: string
  against?: string
  json?: boolean
}

const linesShown = 20

interface Change {
  file: string
  what: 'added' | 'removed' | 'changed'
  /** Lines that differ, after - or +. */
  lines: string[]
}

/** With `--against`, exits with 1 if a message differs from the one in that folder, as diff does. */
export async function preview(config: Config, name: string | undefined, options: PreviewOptions): Promise<void> {
  const chosen = name === undefined ? notifiers : notifiers.filter((one) => one.name === name)
  if (chosen.length === 0) return fail({ text: unknownNotifier(name ?? ''), code: badUsage })
  const warnings = missingWords().filter((line) => chosen.some(({ name }) => line.startsWith(`${name} `)))
  for (const line of warnings) console.error(line)
  const files = new Map<string, string>()
  for (const notifier of chosen)
    for (const [file, content] of await rendered(config, notifier)) files.set(file, content)
  const changes = options.against === undefined ? [] : await changesSince(options.against, files, name)
  if (changes === null) return fail({ text: `${options.against} is not a folder that can be read.`, code: noInput })

  await mkdir(options.out, { recursive: true })
  for (const [file, content] of files) await writeFile(path.join(options.out, file), content)
  const index = path.join(options.out, 'index.html')
  await writeFile(index, indexPage(chosen))
  if (changes.length > 0) process.exitCode = 1
  if (options.json) return printJson({ out: options.out, files: [...files.keys()], changes })
  print(`${files.size} messages in ${index}`)
  if (options.against !== undefined) for (const line of changeLines(options.against, changes)) print(line)
}

async function rendered(config: Config, notifier: Notifier): Promise<[file: string, content: string][]> {
  const defaults = defaultsOf(config)
  const files: [string, string][] = []
  for (const locale of Object.keys(catalogs))
    for (const format of previewFormats)
      if (notifier.channels.includes(channelOf(format))) {
        const { content } = await previewOf(defaults, notifier, { format, locale, published: {} })
        files.push([fileOf(notifier, locale, format), content.endsWith('\n') ? content : `${content}\n`])
      }
  return files
}

/** How the messages differ from those in a folder; null if there is no such folder. */
async function changesSince(
  folder: string,
  files: Map<string, string>,
  only: string | undefined,
): Promise<Change[] | null> {
  const names = await readdir(folder).catch(() => null)
  if (!names) return null
  const changes: Change[] = []
  for (const [file, content] of files) {
    if (!names.includes(file)) changes.push({ file, what: 'added', lines: [] })
    else {
      const before = await readFile(path.join(folder, file), 'utf8')
      if (before !== content) changes.push({ file, what: 'changed', lines: differingLines(before, content) })
    }
  }
  const isPreview = (file: string) => /^[\w-]+\.[a-z]{2}\.(html|txt|sms\.txt)$/.test(file)
  const isAsked = (file: string) => only === undefined || file.startsWith(`${only}.`)
  const removed = names.filter((file) => isPreview(file) && isAsked(file) && !files.has(file))
  return [...changes, ...removed.map((file): Change => ({ file, what: 'removed', lines: [] }))]
}

function differingLines(before: string, after: string): string[] {
  const signs = { '-1': '+', '1': '-' } as const
  return diff(before.split('\n'), after.split('\n')).flatMap(([operation, line]) =>
    operation === 0 ? [] : [`${signs[operation]}${line}`],
  )
}

function changeLines(folder: string, changes: Change[]): string[] {
  if (changes.length === 0) return [`Nothing differs from ${folder}.`]
  return changes.flatMap(({ file, what, lines }) => [
    `${bold(what)} ${file}`,
    // The lines of HTML are as long as the message; its text shows what differs.
    ...(file.endsWith('.html') ? [] : lines.slice(0, linesShown).map(colored)),
    ...(!file.endsWith('.html') && lines.length > linesShown ? [dim(`  ${lines.length - linesShown} more lines`)] : []),
  ])
}

function colored(line: string): string {
  return `  ${line.startsWith('+') ? green(line) : red(line)}`
}

function unknownNotifier(name: string): string {
  const names = notifiers.map((one) => one.name)
  const nearest = nearestName(name, names)
  return `There is no notifier ${name}.${nearest ? ` Did you mean ${nearest}?` : ''}\nNotifiers: ${names.join(', ')}`
}
