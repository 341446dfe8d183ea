// Settings that belong together, such as a vendor's: all of the block is given, or it is off.
import { pairs } from './lists.ts'
import type { Parsed, Reader } from './reader.ts'
import { baseUrl } from './values.ts'

export interface Setting<T> {
  /** The environment variable, `ACME_API_KEY`. */
  name: string
  /** What it is, for `.env.example`; a default stands in brackets at the end. */
  line: string
  /** Without a needed one the block is half given; an optional one makes no sense alone; a harmless one may stand alone. */
  use: 'required' | 'optional' | 'standalone'
  /** Null where it is missing or wrong. */
  read(reader: Reader): T | null
}

export type Block = Record<string, Setting<unknown>>
/** What a block comes to where it is given. */
export type Values<B extends Block> = { [K in keyof B]: B[K] extends Setting<infer T> ? T : never }

type Check<T> = (text: string) => Parsed<T>

export function required<T>(name: string, line: string, check: Check<T>): Setting<T> {
  return { name, line, use: 'required', read: (reader) => reader.read(name, check) }
}

export function optional<T>(name: string, line: string, check: Check<T>): Setting<T | null> {
  return { name, line, use: 'optional', read: (reader) => reader.read(name, check) }
}

/** An optional one with a default. */
export function defaulted<T>(name: string, line: string, check: Check<T>, defaultValue: T): Setting<T> {
  return { name, line, use: 'optional', read: (reader) => reader.read(name, check) ?? defaultValue }
}

/** Optional `name=value` pairs; `example` is one of them. */
export function optionalPairs(name: string, line: string, example: string): Setting<Record<string, string>> {
  const read = (reader: Reader) =>
    Object.fromEntries(pairs(reader, name, example).map(({ key, value }) => [key, value]))
  return { name, line, use: 'optional', read }
}

/** A vendor's own address, or another that stands for it. */
export function vendorAddress(name: string, title: string, defaultValue: string): Setting<string> {
  const line = `another address for ${title} (${defaultValue})`
  return { name, line, use: 'standalone', read: (reader) => reader.read(name, baseUrl) ?? defaultValue }
}

/** True where anything but a harmless setting was given: the block is meant to be on. */
export function hasAnySetting(reader: Reader, block: Block): boolean {
  return Object.values(block).some(({ name, use }) => use !== 'standalone' && reader.given(name))
}

/** Tells what a block that was begun lacks. */
export function checkWhole(reader: Reader, block: Block, title: string): void {
  if (!hasAnySetting(reader, block)) return
  for (const { name, use } of Object.values(block))
    if (use === 'required' && !reader.given(name))
      reader.fault(
        name,
        `is missing while other settings of ${title} are there; add it, or unset the others to leave ${title} off`,
      )
}

/** The block's values, null where it is off. What is given is read either way, so that its faults are told. */
export function readBlock<B extends Block>(reader: Reader, block: B): Values<B> | null {
  const values = Object.entries(block).map(([key, setting]) => ({ key, setting, value: setting.read(reader) }))
  if (values.some(({ setting, value }) => setting.use === 'required' && value === null)) return null
  return Object.fromEntries(values.map(({ key, value }) => [key, value])) as Values<B>
}
