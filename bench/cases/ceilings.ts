// The ceilings of deliveries: each does one part of the work alone, in a process of its own.
import { startChild } from '../child.ts'
import type { JobsSettings } from '../child-jobs.ts'
import type { PosterSettings } from '../child-poster.ts'
import type { RendererSettings } from '../child-renderer.ts'
import type { RowsSettings } from '../child-rows.ts'
import type { Contender } from '../contest.ts'
import { measure } from '../figures.ts'
import type { Options } from '../options.ts'
import { createLike, idsIn, rowsAbout } from '../rows.ts'
import { allDelivered, openStage, openVendors, postList } from '../stage.ts'
import { tenItems, textOf } from './samples.ts'

const bytesOfText = 260
const bytesOfEmail = 18_000

export const rendererCeiling = (count: number) =>
  childCeiling('our renderer alone', 'renderer', { by: 'us', count } satisfies RendererSettings)
export const reactEmailCeiling = (count: number) =>
  childCeiling('@react-email/render alone', 'renderer', { by: 'react-email', count } satisfies RendererSettings)

/** undici posting to stand-ins of its own. */
export async function postingCeiling(
  cleanup: AsyncDisposableStack,
  message: 'text' | 'email',
  count: number,
): Promise<Contender> {
  const { urls } = await openVendors(cleanup)
  const to =
    message === 'text'
      ? { url: urls.twilio, path: '/2010-04-01/Accounts/AC0/Messages.json', type: 'application/x-www-form-urlencoded' }
      : { url: urls.resend, path: '/emails', type: 'application/json' }
  const settings = { ...to, bytes: message === 'text' ? bytesOfText : bytesOfEmail, count, atOnce: 100 }
  return childCeiling('posting alone', 'poster', settings satisfies PosterSettings)(cleanup)
}

/** pg-boss with an empty handler, in a database of its own. */
export async function jobsCeiling(
  cleanup: AsyncDisposableStack,
  { server }: Options,
  count: number,
): Promise<Contender> {
  const database = await server.fresh()
  cleanup.defer(() => database.drop())
  return childCeiling('pg-boss, empty handler', 'jobs', { url: database.url, count } satisfies JobsSettings)(cleanup)
}

/** The rows that a delivered message leaves, as our build leaves them, inserted in their last state. */
export async function rowsCeiling(
  cleanup: AsyncDisposableStack,
  options: Options,
  message: 'text' | 'email',
  count: number,
): Promise<Contender> {
  const stage = await openStage(cleanup, options, { build: { ...options.ours, isProfiled: false } })
  await postList(stage, 1, message === 'text' ? textOf : tenItems)
  await allDelivered(stage, 1)
  for (const service of [stage.api, ...stage.workers]) await service.stop()
  const { pool, url } = stage.database
  const { rows: found } = await pool.query<{ id: string; eventId: string }>(
    'select n.id, n.event_id as "eventId" from notifications n join attempts a on a.notification_id = n.id',
  )
  const [notification] = found
  if (!notification) throw new Error('no message was delivered')
  const rows = await rowsAbout(pool, notification.id)
  await createLike(pool, rows)
  const settings = { url, rows, ids: idsIn(rows, [notification.eventId]), count, batch: 200, connections: 2 }
  return childCeiling('rows in batches', 'rows', settings satisfies RowsSettings)(cleanup)
}

export function childCeiling(name: string, child: string, settings: object) {
  return async (cleanup: AsyncDisposableStack): Promise<Contender> => {
    const process_ = startChild(child, settings)
    cleanup.defer(() => process_.stop())
    await process_.next('ready')
    return {
      name,
      kind: 'ceiling',
      async run() {
        process_.emit('round')
        return [measure('messages', '/s', await process_.next<number>('rate'))]
      },
    }
  }
}
