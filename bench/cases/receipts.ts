// Receipts: texts were sent, and the provider reports over many connections that each was delivered.
import { contest } from '../contest.ts'
import { costEach, startMeter } from '../cost.ts'
import { type CaseResult, measure, percentile } from '../figures.ts'
import { builds, type Options, sized } from '../options.ts'
import { twilioReceipt } from '../prove/receipts.ts'
import { send } from '../sender.ts'
import type { Build } from '../service.ts'
import { allDelivered, openStage, postList } from '../stage.ts'
import { ratios } from './ratios.ts'
import { textOf } from './samples.ts'

const connections = 64
const warmUp = 100
/** The provider signs the URL. */
const publicUrl = 'https://bench.example'

export async function receipts(options: Options): Promise<CaseResult> {
  const count = sized(options, { quick: 1000, usual: 3000 })
  const run = async (build: Build) => {
    await using cleanup = new AsyncDisposableStack()
    const stage = await openStage(cleanup, options, { build, env: { PUBLIC_URL: publicUrl } })
    const { api, database } = stage
    await postList(stage, warmUp + count, textOf)
    await allDelivered(stage, warmUp + count)
    const { rows } = await database.pool.query<{ ref: string }>(
      'select /* bench */ provider_message_id as ref from attempts order by id',
    )
    const payloads = rows.map(({ ref }) => twilioReceipt('delivered', ref, publicUrl))
    await send([api.url], { payloads: payloads.slice(0, warmUp) }, connections)
    const meter = await startMeter(options, database, { api })
    const sent = await send([api.url], { payloads: payloads.slice(warmUp) }, connections)
    const cost = await meter.stop()
    const applied = await database.pool.query(`select /* bench */ from notification_states where state = 'delivered'`)
    if (applied.rowCount !== warmUp + count) throw new Error(`${applied.rowCount} texts are delivered`)
    return [
      measure('receipts', '/s', sent.perSecond),
      measure('p99', 'ms', percentile(sent.latenciesMs, 0.99)),
      ...costEach(cost, count, 'a receipt'),
    ]
  }
  const contenders = builds(options).map(({ build, ...one }) => ({ ...one, run: () => run(build) }))
  const results = await contest(contenders, options.rounds, options.report)
  return {
    name: 'receipts',
    conditions: `${count} signed receipts, one a request and a text, over ${connections} connections; each is answered once it is stored and applied.`,
    contenders: results,
    ratios: ratios(results, 'receipts', { 'other build': undefined }),
    skipped: [],
  }
}
