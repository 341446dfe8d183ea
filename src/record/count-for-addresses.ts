// Counts receipts for the address that they name, where no message of ours is known by them: bounces that come after the
// delivery, and complaints, often name nothing else.
import type { Ctx } from '../context.ts'
import type { PersonalChannel } from '../domain/notification.ts'
import { isChoice, type Receipt } from '../domain/receipt.ts'
import { entry } from '../domain/timeline.ts'
import { countByAddress, type NewReceipt } from '../store/attempts/receipts.ts'
import type { NewReport } from '../store/attempts/reports.ts'
import type { Tx } from '../store/db.ts'
import { latestNotificationTo } from '../store/notifications/latest.ts'
import { byReceiptOf, type PreferenceChange, savePreferences } from '../store/people/preferences.ts'
import { noWrites, type Writes, write } from '../store/writes.ts'

type Entries = Writes['entries']
type AboutAddress = Receipt & { address: string; receivedAt: Date }

interface Saved {
  provider: string
  reports: NewReport[]
  /** Their new receipts. */
  fresh: NewReceipt[]
}

/** Returns timeline entries for the latest notifications to the addresses. */
export async function countForAddresses(ctx: Ctx, tx: Tx, { provider, reports, fresh }: Saved): Promise<Entries> {
  const unknown = new Map(fresh.flatMap(({ id, key, notificationId }) => (notificationId ? [] : [[key, id] as const])))
  if (unknown.size === 0) return []
  const receipts = reports.flatMap((report) =>
    report.receipts.flatMap((receipt) => {
      const isCounted = unknown.has(receipt.key) && isAboutAddress(receipt)
      return isCounted ? [{ ...receipt, address: receipt.address, receivedAt: report.receivedAt }] : []
    }),
  )
  const latest = receipts.at(-1)
  if (!latest) return []
  await countByAddress(
    tx,
    receipts.flatMap(({ key }) => unknown.get(key) ?? []),
  )
  await write(tx, ctx.jobs, { ...noWrites(), suppressions: receipts.flatMap((one) => suppressionOf(provider, one)) })
  await savePreferences(tx, choicesOf(receipts), byReceiptOf(provider), latest.receivedAt)
  return entriesOf(tx, provider, receipts)
}

function isAboutAddress(receipt: Receipt): receipt is Receipt & { address: string } {
  return receipt.address !== null && (receipt.suppress !== null || isChoice(receipt.kind))
}

function suppressionOf(provider: string, { address, suppress, receivedAt: at }: AboutAddress): Writes['suppressions'] {
  return suppress ? [{ channel: channelOf(address), address, reason: suppress, source: provider, at }] : []
}

/** The latest choice for each address. */
function choicesOf(receipts: AboutAddress[]): PreferenceChange[] {
  const inTime = receipts
    .filter(({ kind }) => isChoice(kind))
    .sort((a, b) => (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0))
  const latest = new Map(inTime.map((receipt) => [receipt.address.toLowerCase(), receipt.kind === 'resubscribed']))
  return [...latest].map(([address, allowed]) => ({ channel: channelOf(address), allowed, recipientId: null, address }))
}

async function entriesOf(tx: Tx, provider: string, receipts: AboutAddress[]): Promise<Entries> {
  const entries: Entries = []
  for (const { address, suppress, kind, code, text, receivedAt: at } of receipts) {
    const notificationId = await latestNotificationTo(tx, { channel: channelOf(address), address, provider })
    const params = { provider, report: suppress ?? kind, code, text }
    if (notificationId) entries.push({ notificationId, at, entry: entry('address_reported', params) })
  }
  return entries.sort((a, b) => (a.notificationId < b.notificationId ? -1 : 1))
}

function channelOf(address: string): PersonalChannel {
  return address.includes('@') ? 'email' : 'sms'
}
