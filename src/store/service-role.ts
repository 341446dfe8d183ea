// The role that the service works as in the embedded database: it reads and writes our rows and owns the queue's schema, and
// can neither drop or disable a trigger of the audit nor empty a table, as another role owns those.
import { createHmac } from 'node:crypto'
import pg from 'pg'
import { jobsSchema } from './jobs/queues.ts'
import { ownSchema } from './migrate.ts'

export const serviceRole = 'posthorn_service'

/** Made of the owner's, so that one secret is kept. */
export function servicePassword(ownerPassword: string): string {
  return createHmac('sha256', ownerPassword).update(serviceRole).digest('base64url')
}

/** By the owner, at every start: what is there already stays. Called by one process at a time. */
export async function ensureServiceRole(connection: pg.ClientConfig, ownerPassword: string): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [serviceRole])
    if (rowCount === 0) await client.query(`create role ${serviceRole}`)
    const password = client.escapeLiteral(servicePassword(ownerPassword))
    await client.query(`
      alter role ${serviceRole} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls password ${password};
      create schema if not exists ${ownSchema};
      grant usage on schema ${ownSchema} to ${serviceRole};
      alter default privileges in schema ${ownSchema} grant select, insert, update, delete on tables to ${serviceRole};
      alter default privileges in schema ${ownSchema} grant usage on sequences to ${serviceRole};
      create schema if not exists ${jobsSchema} authorization ${serviceRole};`)
  } finally {
    await client.end()
  }
}
