// Parsers for the database, the listening host and the data folder, which check as much as is possible without a
// connection.
import { statSync } from 'node:fs'
import { isIP } from 'node:net'
import { dirname, resolve } from 'node:path'
import type { Parsed } from '../settings/reader.ts'
import { invalid, quoted, valid } from '../settings/values.ts'
import { connectionFault } from '../store/connection.ts'

export function databaseUrl(text: string): Parsed<string> {
  // The URL of a socket directory (postgres:///name?host=/run/postgresql) has no host.
  const url = URL.parse(text)
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    return invalid(
      'is not a Postgres URL, which starts with postgres:// or postgresql://; give postgres://user:password@host:5432/database',
    )
  const fault = connectionFault(text)
  return fault === null
    ? valid(text)
    : invalid(`cannot be used (${fault}); give one such as postgres://user:password@host:5432/database`)
}

export function hostName(text: string): Parsed<string> {
  const isName = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(text) && /[A-Za-z]/.test(text)
  return isIP(text) || isName
    ? valid(text)
    : invalid(`is ${quoted(text)}; give an address or a host name to listen on, such as 127.0.0.1 or 0.0.0.0`)
}

/** The absolute path of a folder that exists or can be created. */
export function folder(text: string): Parsed<string> {
  const path = resolve(text)
  return canBeFolder(path)
    ? valid(path)
    : invalid(`is ${quoted(text)}, which is a file or is under one; give a folder, or a path where one can be created`)
}

function canBeFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return missing && canBeFolder(dirname(path))
  }
}
