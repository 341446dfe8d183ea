// Defines blocks of settings, such as a vendor's, which are on if all required settings are given.
import { oneOrMore, pairs } from './lists.ts'
import type { Parsed, Reader } from './reader.ts'
import { baseUrl } from './values.ts'

export interface Setting<T> {
  /** The environment variable, `ACME_API_KEY`. */
  name: string
  /** The description for `.env.example`, with the default in brackets at the end. */
  line: string
  /** A standalone setting may be given alone. An optional one needs the required ones of its block. */
  use: 'required' | 'optional' | 'standalone'
  /** Null if it is missing or invalid. */
  read(reader: Reader): T | null
}

export type Block = Record<string, Setting<unknown>>
/** The values of a block that is on. */
export type Values<B extends Block> = { [K in keyof B]: B[K] extends Setting<infer T> ? T : never }

type Check<T> = (text: string) => Parsed<T>

export function required<T>(name: string, line: string, check: Check<T>): Setting<T> {
  return { name, line, use: 'required', read: (reader) => reader.read(name, check) }
}

export function optional<T>(name: string, line: string, check: Check<T>): Setting<T | null> {
  return { name, line, use: 'optional', read: (reader) => reader.read(name, check) }
}

/** One or more values, comma separated: while a secret is replaced, the old and the new one. */
export function requiredList<T>(name: string, line: string, check: Check<T>): Setting<[T, ...T[]]> {
  return { name, line, use: 'required', read: (reader) => oneOrMore(reader, name, check) }
}

/** The same of an optional setting. */
export function optionalList<T>(name: string, line: string, check: Check<T>): Setting<[T, ...T[]] | null> {
  return { name, line, use: 'optional', read: (reader) => oneOrMore(reader, name, check) }
}

/** An optional setting with a default. */
export function defaulted<T>(name: string, line: string, check: Check<T>, defaultValue: T): Setting<T> {
  return { name, line, use: 'optional', read: (reader) => reader.read(name, check) ?? defaultValue }
}

/** Optional `name=value` pairs. `example` is shown in faults. */
export function optionalPairs(name: string, line: string, example: string): Setting<Record<string, string>> {
  const read = (reader: Reader) =>
    Object.fromEntries(pairs(reader, name, example).map(({ key, value }) => [key, value]))
  return { name, line, use: 'optional', read }
}

/** The base URL of a vendor's API, which can be replaced. */
export function vendorAddress(name: string, title: string, defaultValue: string): Setting<string> {
  const line = `another address for ${title} (${defaultValue})`
  return { name, line, use: 'standalone', read: (reader) => reader.read(name, baseUrl) ?? defaultValue }
}

/** True if any setting that is not standalone is given, so that the block is meant to be on. */
export function hasAnySetting(reader: Reader, block: Block): boolean {
  return Object.values(block).some(({ name, use }) => use !== 'standalone' && reader.given(name))
}

/** Reports the required settings that a partly given block lacks. */
export function checkWhole(reader: Reader, block: Block, title: string): void {
  if (!hasAnySetting(reader, block)) return
  for (const { name, use } of Object.values(block))
    if (use === 'required' && !reader.given(name))
      reader.fault(
        name,
        `is missing while other settings of ${title} are given; add it, or unset the others to leave ${title} off`,
      )
}

/** The block's values; null if it is off. Reads all settings in either case, so that their faults are reported. */
export function readBlock<B extends Block>(reader: Reader, block: B): Values<B> | null {
  const values = Object.entries(block).map(([key, setting]) => ({ key, setting, value: setting.read(reader) }))
  if (values.some(({ setting, value }) => setting.use === 'required' && value === null)) return null
  return Object.fromEntries(values.map(({ key, value }) => [key, value])) as Values<B>
}
