// The role of the service in the embedded database: it reads and writes rows and owns the queue's schema, but cannot drop or
// disable an audit trigger or truncate a table, because another role owns those.
import { createHmac } from 'node:crypto'
import pg from 'pg'
import { jobsSchema } from './jobs/queues.ts'
import { ownSchema } from './migrate.ts'

export const serviceRole = 'posthorn_service'

/** Derived from the owner's password, so that only one secret is stored. */
export function servicePassword(ownerPassword: string): string {
  return createHmac('sha256', ownerPassword).update(serviceRole).digest('base64url')
}

/** Creates the role and its privileges, as the owner; idempotent. Only one process may call it at a time. */
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
      create schema if not exists ${jobsSchema} authorization ${serviceRole};
      grant pg_read_all_stats to ${serviceRole};`)
  } finally {
    await client.end()
  }
}
