// Asks Vonage for the balance, which shows that the key is valid; every message names where its receipts go
// (https://developer.vonage.com/en/account/code-snippets/account-balance).
import { field } from '../../wire/json.ts'
import type { Account, Finding } from '../account.ts'
import { accountCalls, keyFinding, perMessageReceipts } from '../kit/account-calls.ts'
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
      const value = Number(field(balance.json, 'value'))
      const key: Finding =
        value > 0
          ? { what: 'key', ok: true, text: 'Vonage takes the key, and the account has credit.' }
          : { what: 'key', ok: false, text: 'The account has no credit.', mend: 'Add credit at Vonage.' }
      return { findings: [key, perMessageReceipts(receiptsUrl)], records: [] }
    },
    connect: async (receiptsUrl) => ({
      ok: true,
      text: `Vonage needs no registration: every message names ${receiptsUrl} for its receipts.`,
      changed: false,
      secret: null,
    }),
  }
}
