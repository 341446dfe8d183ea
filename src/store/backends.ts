// What DATABASE_BACKEND changes, and what each server lacks of what our schema and statements need: the only place that knows it.
// Each line has its source: the vendor's documentation, or the profile of that name in pg-boss's documentation.

export const backends = ['postgres', 'citus', 'yugabytedb', 'cockroachdb'] as const
export type Backend = (typeof backends)[number]

/** What a server cannot run, and the files of ours that need it. */
interface Lack {
  what: string
  neededBy: string[]
  source: string
}

interface Traits {
  name: string
  /** LISTEN and NOTIFY wake the workers; without them, polling does. */
  notifies: boolean
  /** Each queue has a partition of its own. */
  partitionsQueues: boolean
  /** Old transactions keep dead rows from being removed, so that it is worth knowing who holds the xmin horizon. */
  hasHorizon: boolean
  /** A server with any of these is refused. */
  lacks: Lack[]
  /** What pg-boss says of its own support, if it does not just support it. */
  queueWarning?: string
}

const plain = { notifies: true, partitionsQueues: true, hasHorizon: true, lacks: [] }
const yugabyteIssues = 'https://docs.yugabyte.com/stable/yugabyte-voyager/known-issues/postgresql/'
const cockroachLimits = 'https://www.cockroachlabs.com/docs/v26.1/known-limitations'

const traits: Record<Backend, Traits> = {
  postgres: { name: 'Postgres', ...plain },
  // https://pgboss.io/database-backends: tables that nobody distributes stay on the coordinator, as in plain Postgres.
  citus: { name: 'Citus', ...plain },
  yugabytedb: {
    name: 'YugabyteDB',
    // https://docs.yugabyte.com/stable/api/ysql/the-sql-language/statements/cmd_listen_notify/: early access, off by default.
    notifies: false,
    // https://pgboss.io/database-backends: a partition cannot be made in the transaction that inserts the queue's row.
    partitionsQueues: false,
    // https://pgboss.io/database-backends: compaction removes old rows, and nothing is vacuumed.
    hasHorizon: false,
    lacks: [
      {
        what: 'transition tables of triggers',
        neededBy: ['sql/011-callbacks.sql'],
        source: `${yugabyteIssues}#referencing-clause-for-triggers`,
      },
      {
        what: 'storage parameters of indexes',
        neededBy: ['sql/016-minute-counts.sql'],
        source: `${yugabyteIssues}#storage-parameters-on-indexes-or-constraints-in-the-source-postgresql`,
      },
      {
        what: 'the system column ctid',
        neededBy: ['sql/020-retention-by-class.sql'],
        source: `${yugabyteIssues}#system-columns-is-not-yet-supported`,
      },
      {
        what: 'DDL that ends with its transaction, unless it is turned on',
        neededBy: ['src/store/migration.ts'],
        source: 'https://docs.yugabyte.com/stable/architecture/transactions/transactional-ddl/',
      },
    ],
    queueWarning: 'pg-boss no longer supports it, and will refuse it in its next major version',
  },
  cockroachdb: {
    name: 'CockroachDB',
    // https://pgboss.io/database-backends: no LISTEN and NOTIFY, and another kind of partitions.
    notifies: false,
    partitionsQueues: false,
    // The same: nothing is vacuumed.
    hasHorizon: false,
    lacks: [
      {
        what: 'transition tables of triggers',
        neededBy: ['sql/011-callbacks.sql'],
        source: cockroachLimits,
      },
      {
        what: 'triggers on TRUNCATE',
        neededBy: ['sql/003-attempts.sql', 'sql/004-timeline.sql'],
        source: cockroachLimits,
      },
      {
        what: 'EXECUTE, PERFORM and loops over queries in PL/pgSQL',
        neededBy: ['sql/014-content-by-days.sql', 'sql/020-retention-by-class.sql'],
        source: cockroachLimits,
      },
      {
        what: 'partitions that are attached and detached',
        neededBy: ['sql/014-content-by-days.sql'],
        source: 'https://www.cockroachlabs.com/docs/v26.1/partitioning',
      },
      {
        // The functions exist and do nothing, so that two processes would migrate at the same time.
        what: 'advisory locks of a session',
        neededBy: ['src/store/migrate.ts'],
        source: 'https://github.com/cockroachdb/cockroach/issues/169981',
      },
    ],
  },
}

export function traitsOf(backend: Backend): Traits {
  return traits[backend]
}

/** What the server is, whatever DATABASE_BACKEND says. */
export function serverOf({ version, hasCitus }: { version: string; hasCitus: boolean }): Backend {
  if (version.startsWith('CockroachDB')) return 'cockroachdb'
  if (/^PostgreSQL \S+-YB-/.test(version)) return 'yugabytedb'
  return hasCitus ? 'citus' : 'postgres'
}

/** Why our schema cannot be made on this server; null if it can. */
export function whyNot(server: Backend): string | null {
  const { name, lacks } = traits[server]
  if (lacks.length === 0) return null
  const list = lacks.map(({ what, neededBy }) => `${what} (${neededBy.join(', ')})`)
  return `names a server of ${name}, which lacks what Posthorn needs: ${list.join('; ')}. Use Postgres, or Citus`
}

/** What a start says of a backend that is not the default; null for the default. */
export function backendWarning(backend: Backend, server: Backend): string | null {
  if (backend === 'postgres') return null
  const { name, notifies, hasHorizon, queueWarning } = traits[backend]
  return [
    `DATABASE_BACKEND ${backend} is experimental`,
    server !== backend &&
      `the server is ${traits[server].name} and not ${name}, so that this tries only how the queue works there`,
    queueWarning,
    !notifies && 'NOTIFY does not wake workers, which look for jobs twice a second',
    !hasHorizon && 'nobody watches who holds the xmin horizon',
  ]
    .filter((text) => typeof text === 'string')
    .join('; ')
}
