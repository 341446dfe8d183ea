// Removes from an OpenAPI document what nobody refers to or reads: unused schemas, second names, and patterns of known formats.
import { isDeepStrictEqual } from 'node:util'

type Schemas = Record<string, object>
interface Document {
  components: { schemas: Schemas }
}

const schemaRef = '#/components/schemas/'

/**
 * A schema that requests and answers share is named twice, the request's with the suffix `Input`. One name stays where the
 * two are equal, or where only one is in use.
 */
export function tidied<D extends Document>(document: D): D {
  const plain = withoutNoise(document)
  const used = usedIn(plain)
  const { schemas } = plain.components
  const plainName = (name: string) => {
    const other = plainOf(name)
    if (other === name) return name
    const isOne = !used.has(other) || isDeepStrictEqual(refsTo(schemas[name], plainOf), refsTo(schemas[other], plainOf))
    return isOne ? other : name
  }
  const renamed = refsTo(plain, plainName)
  const kept = [...used].sort().map((name) => [plainName(name), refsTo(schemas[name] ?? {}, plainName)] as const)
  return { ...renamed, components: { ...renamed.components, schemas: Object.fromEntries(kept) } }
}

const plainOf = (name: string) => name.replace(/Input$/, '')

/** The same value with every reference to a schema renamed. */
function refsTo<T>(value: T, rename: (name: string) => string): T {
  return JSON.parse(JSON.stringify(value), (_key, one) =>
    typeof one === 'string' && one.startsWith(schemaRef) ? schemaRef + rename(one.slice(schemaRef.length)) : one,
  )
}

/** The names of the schemas that operations use, directly or not. */
function usedIn(document: Document): Set<string> {
  const { components, ...operations } = document
  const { schemas, ...others } = components
  const used = new Set<string>()
  const waiting: unknown[] = [operations, others]
  while (waiting.length > 0)
    refsTo(waiting.pop(), (name) => {
      if (!used.has(name)) waiting.push(schemas[name] ?? {})
      used.add(name)
      return name
    })
  return used
}

/** A format says what its pattern says, and every JSON number is within the bounds of a safe integer. */
function withoutNoise<T>(document: T): T {
  return JSON.parse(JSON.stringify(document), (_key, value) => {
    if (!value || typeof value !== 'object') return value
    if (/^(date|date-time|uuid|email)$/.test(String(value.format))) delete value.pattern
    if (value.minimum === Number.MIN_SAFE_INTEGER) delete value.minimum
    if (value.maximum === Number.MAX_SAFE_INTEGER) delete value.maximum
    return value
  })
}
