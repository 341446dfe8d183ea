// Databases with nothing in them, for what makes or upgrades a schema.
import { randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { run, withDatabase } from './database-setup.ts'

export async function emptyDatabase() {
  const server = inject('serverUrl')
  const name = `posthorn_${randomBytes(6).toString('hex')}`
  await run(server, `create database ${name}`)
  return { name, url: withDatabase(server, name), drop: () => run(server, `drop database ${name} with (force)`) }
}

/** The error with which the work fails. */
export async function failureOf(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error)) throw new Error('it did not fail')
  return error
}
