// Asks Vonage for the balance, which shows that the key is valid; every message names where its receipts go
// (https://developer.vonage.com/en/account/code-snippets/account-balance).
import { field } from '../../wire/json.ts'
import type { Account, Finding } from '../account.ts'
import { accountCalls, keyFinding, perMessageReceipts, silentOn } from '../kit/account-calls.ts'
import { settings, type VonageSettings } from './settings.ts'

export function vonageAccount({ apiKey, apiSecret, baseUrl }: VonageSettings): Account {
  const credentials = Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')
  const calls = accountCalls(baseUrl, 'Vonage', `Basic ${credentials}`)
  return {
    inspect: async ({ receiptsUrl }) => {
      const balance = await calls.get('/account/get-balance')
      if (!balance.ok)
        return {
          findings: [keyFinding(balance, 'Vonage', `${settings.apiKey.name} and ${settings.apiSecret.name}`)],
          records: [],
        }
      return {
        findings: [keyOf(Number(field(balance.json, 'value') ?? Number.NaN)), perMessageReceipts(receiptsUrl)],
        records: [],
      }
    },
    connect: async (receiptsUrl) => ({
      ok: true,
      text: `Vonage needs no registration: every message names ${receiptsUrl} for its receipts.`,
      changed: false,
      secret: null,
    }),
  }
}

function keyOf(value: number): Finding {
  if (Number.isNaN(value)) return silentOn('key', 'Vonage', 'a balance')
  return value > 0
    ? { what: 'key', ok: true, text: 'Vonage takes the key, and the account has credit.' }
    : { what: 'key', ok: false, text: 'The account has no credit.', fix: 'Add credit at Vonage.' }
}
