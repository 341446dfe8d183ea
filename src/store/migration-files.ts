// The numbered files of sql/: each is one transaction, unless its first line says that it runs outside one.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { packageRoot } from '../package-root.ts'

export interface MigrationFile {
  name: string
  sql: string
  checksum: string
}

/** The first line of a file whose statements run one by one, such as `create index concurrently`. */
const outsideTransaction = '-- outside a transaction'

/** In the order in which they are applied. */
export async function migrationFiles(folder = path.join(packageRoot(), 'sql')): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{3}-[a-z-]+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(folder, name), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

/**
 * The statements of a file that runs outside a transaction; null for any other file. A statement ends with a semicolon at the
 * end of a line, so it cannot contain one there.
 */
export function separateStatements({ sql }: MigrationFile): string[] | null {
  if (!sql.startsWith(outsideTransaction)) return null
  const code = sql.replaceAll(/^\s*--.*$/gm, '')
  return code
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
