// The write-ahead log of a run: a copy of the cluster from its beginning, everything that the log has since, and the marks of
// what it must hold from which position on.
import { execFile } from 'node:child_process'
import { mkdir, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

/** Something that a person or a vendor was told, and the position up to which the log was on disk when they had been told. */
export interface Mark {
  database: string
  /** `event`: it was answered 200. `call`: a vendor took a message for this address. */
  kind: 'event' | 'call'
  key: string
  at: bigint
}

export interface Wal {
  marks: Mark[]
  mark(mark: Omit<Mark, 'at'>): void
  /** Makes a cluster, in the folder `postgres` of this one, that replays the log as far as it is let. */
  replica(folder: string): Promise<Replica>
}

export interface Replica {
  /** The end of the log so far. */
  end(): Promise<bigint>
  /** Lets it read the log up to this byte, which may be within a record. Positions must ascend. */
  feed(to: bigint): Promise<void>
}

const segmentBytes = 16n * 1024n * 1024n

export const positionOf = (text: string): bigint => {
  const [high = '', low = ''] = text.split('/')
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}
export const textOf = (at: bigint): string =>
  `${(at >> 32n).toString(16)}/${(at & 0xffffffffn).toString(16).padStart(8, '0')}`.toUpperCase()

/** Begins with a copy of the running cluster in `dataFolder`; from now on the server keeps its whole log. */
export async function keepWal(ownerUrl: string, dataFolder: string): Promise<Wal> {
  const db = new pg.Pool({ connectionString: ownerUrl, max: 1 })
  db.on('error', () => {})
  const flushed = async () => {
    const { rows } = await db.query<{ at: string }>('select pg_current_wal_flush_lsn() as at')
    return positionOf(rows[0]?.at ?? '0/0')
  }
  const copy = path.join(path.dirname(dataFolder), 'first-copy')
  const { from, label } = await copyCluster(db, dataFolder, copy)
  const marks: Mark[] = []
  let asked: Promise<bigint> | null = null
  return {
    marks,
    mark(mark) {
      // Those who come together share an answer, which none of them may precede.
      asked ??= new Promise(setImmediate).then(() => {
        asked = null
        return flushed()
      })
      // Without an answer, because Postgres was killed, nothing is known of this one.
      asked.then(
        (at) => marks.push({ ...mark, at }),
        () => {},
      )
    },
    async replica(folder) {
      const to = path.join(folder, 'postgres')
      await promisify(execFile)('cp', ['-a', copy, to])
      const { uid, gid } = await stat(path.join(to, 'PG_VERSION'))
      const write = (name: string, content: string) => writeOwned(path.join(to, name), content, { uid, gid })
      await write('standby.signal', '')
      await write('backup_label', label)
      // It polls for what we add to its log.
      const settings = await readFile(path.join(to, 'postgresql.auto.conf'), 'utf8')
      await write('postgresql.auto.conf', `${settings}\nwal_retrieve_retry_interval = '20ms'\n`)
      const fed = { upTo: (from / segmentBytes) * segmentBytes }
      return {
        end: flushed,
        feed: (upTo) => feed({ from: dataFolder, to, owner: { uid, gid } }, fed, upTo),
      }
    },
  }
}

/** Copies a running cluster without its log; `from` is where the log must be replayed from. */
async function copyCluster(db: pg.Pool, dataFolder: string, to: string): Promise<{ from: bigint; label: string }> {
  // The server keeps what is within this size.
  await db.query(`alter system set wal_keep_size = '1TB'`)
  await db.query('select pg_reload_conf()')
  const client = await db.connect()
  try {
    const begun = await client.query<{ at: string }>(`select pg_backup_start('prove', true) as at`)
    await promisify(execFile)('cp', ['-a', dataFolder, to])
    const ended = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
    await rm(path.join(to, 'postmaster.pid'), { force: true })
    await rm(path.join(to, 'postmaster.opts'), { force: true })
    const { uid, gid } = await stat(path.join(to, 'pg_wal'))
    await rm(path.join(to, 'pg_wal'), { recursive: true })
    await mkdir(path.join(to, 'pg_wal'), { mode: 0o700 })
    await promisify(execFile)('chown', [`${uid}:${gid}`, path.join(to, 'pg_wal')])
    return { from: positionOf(begun.rows[0]?.at ?? '0/0'), label: ended.rows[0]?.labelfile ?? '' }
  } finally {
    client.release()
  }
}

interface Feeding {
  from: string
  to: string
  owner: { uid: number; gid: number }
}

/** Copies the bytes of the log that are not there yet, segment by segment. */
async function feed({ from, to, owner }: Feeding, fed: { upTo: bigint }, upTo: bigint): Promise<void> {
  while (fed.upTo < upTo) {
    const segment = fed.upTo / segmentBytes
    const name = nameOf(segment)
    const first = fed.upTo % segmentBytes
    const end = upTo < (segment + 1n) * segmentBytes ? upTo % segmentBytes : segmentBytes
    const source = await open(path.join(from, 'pg_wal', name), 'r')
    const bytes = Buffer.alloc(Number(end - first))
    await source.read(bytes, 0, bytes.length, Number(first))
    await source.close()
    const target = path.join(to, 'pg_wal', name)
    const file = await open(target, 'a').then(async (created) => {
      await created.close()
      return open(target, 'r+')
    })
    await file.chown(owner.uid, owner.gid)
    await file.truncate(Number(segmentBytes))
    await file.write(bytes, 0, bytes.length, Number(first))
    await file.close()
    fed.upTo = segment * segmentBytes + end
  }
}

/** The name of a segment of the first timeline. */
function nameOf(segment: bigint): string {
  return [1n, segment / 256n, segment % 256n].map((part) => part.toString(16).padStart(8, '0').toUpperCase()).join('')
}

async function writeOwned(file: string, content: string, { uid, gid }: { uid: number; gid: number }): Promise<void> {
  await writeFile(file, content, { mode: 0o600 })
  const written = await open(file, 'r')
  await written.chown(uid, gid)
  await written.close()
}
