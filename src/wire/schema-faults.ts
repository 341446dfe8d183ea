// Validates an event's data by a schema: the common data once, and for each recipient the fields of its own data.
import { z } from 'zod'
import { eventLoopYielder } from '../clock.ts'
import type { DataFault } from '../domain/event.ts'
import { isRequired } from './issue-words.ts'
import type { Fields } from './json.ts'
import { otherSpelling } from './nearest-name.ts'

export interface EventData {
  data: Fields
  recipients: readonly { data?: Fields }[]
}

interface Extent {
  /** The recipients to check; the end is exclusive. Default: all. */
  range?: [from: number, upTo: number]
  maxFaults: number
}

type Issues = z.core.$ZodIssue[]

/**
 * At most `maxFaults` faults with their paths, such as `data.items.0.name` or `recipients.3.data.name`. Yields to the
 * event loop between recipients.
 */
export async function schemaFaults(
  schema: z.ZodType,
  { data, recipients }: EventData,
  { range: [from, upTo] = [0, recipients.length], maxFaults }: Extent,
): Promise<DataFault[]> {
  const takeTurns = eventLoopYielder()
  const common = issuesOf(schema, data)
  const fields = fieldsOf(schema)
  const someHaveNone = recipients.length === 0 || recipients.some((recipient) => !recipient.data)
  const faults = someHaveNone ? common.map((issue) => faultOf(issue, 'data', data)) : []
  for (let i = from; i < Math.min(upTo, recipients.length) && faults.length < maxFaults; i++) {
    const own = recipients[i]?.data
    if (!own) continue
    await takeTurns()
    const issues = fields ? changedIssues(fields, common, own) : issuesOf(schema, { ...data, ...own })
    const at = recipients.length === 1 ? 'data' : `recipients.${i}.data`
    faults.push(...issues.map((issue) => faultOf(issue, at, { ...data, ...own })))
  }
  return faults.slice(0, maxFaults)
}

/** The issues of the merged data: for own fields those of the field's schema, for the others those of the common data. */
function changedIssues(fields: Map<string, z.core.$ZodType>, common: Issues, own: Fields): Issues {
  const ofOthers = common.filter(({ path: [field] }) => !Object.hasOwn(own, String(field)))
  const ofOwn = [...fields].flatMap(([name, schema]) =>
    Object.hasOwn(own, name)
      ? issuesOf(schema, own[name]).map((issue) => ({ ...issue, path: [name, ...issue.path] }))
      : [],
  )
  return [...ofOwn, ...ofOthers]
}

/** The schemas of the fields; null if a check concerns several fields. */
function fieldsOf(schema: z.ZodType): Map<string, z.core.$ZodType> | null {
  if (!(schema instanceof z.ZodObject)) return null
  const { catchall, checks, shape } = schema.def
  const isLoose = catchall === undefined || catchall instanceof z.ZodUnknown
  return isLoose && !checks?.length ? new Map(Object.entries(shape)) : null
}

function issuesOf(schema: z.core.$ZodType, data: unknown): Issues {
  const parsed = z.safeParse(schema, data)
  return parsed.success ? [] : parsed.error.issues
}

function faultOf({ path, message }: z.core.$ZodIssue, at: string, given: Fields): DataFault {
  const other = message === isRequired ? otherSpelling(String(path.at(-1)), namesBeside(path, given)) : null
  return { path: [at, ...path].join('.'), message: other ? `${message}: \`${other}\` is another field` : message }
}

/** The names of the fields that are given where the path ends. */
function namesBeside(path: PropertyKey[], given: Fields): string[] {
  const parent = path.slice(0, -1).reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], given)
  return Object.keys(parent as Fields)
}
