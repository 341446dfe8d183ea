// Asks Twilio about the account and the sender; every message names where its receipts go
// (https://www.twilio.com/docs/iam/api/account, https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource).
import { at, field, listOf, textOf } from '../../wire/json.ts'
import type { Account, Finding } from '../account.ts'
import {
  type AccountCalls,
  accountCalls,
  keyFinding,
  perMessageReceipts,
  silentOn,
  unclear,
} from '../kit/account-calls.ts'
import { settings, type TwilioSettings } from './settings.ts'

export function twilioAccount({
  accountSid,
  authTokens: [authToken],
  from,
  messagingServiceSid,
  baseUrl,
}: TwilioSettings): Account {
  const credentials = Buffer.from(`${accountSid}:${authToken}`).toString('base64')
  const calls = accountCalls(baseUrl, 'Twilio', `Basic ${credentials}`)
  const path = `/2010-04-01/Accounts/${encodeURIComponent(accountSid)}`
  return {
    inspect: async ({ receiptsUrl }) => {
      const account = await calls.get(`${path}.json`)
      if (!account.ok)
        return {
          findings: [keyFinding(account, 'Twilio', `${settings.accountSid.name} and ${settings.authTokens.name}`)],
          records: [],
        }
      const key = keyOf(textOf(field(account.json, 'status')))
      const sender = messagingServiceSid ? ofService : await senderOf(calls, path, from ?? '')
      return { findings: [key, sender, perMessageReceipts(receiptsUrl)], records: [] }
    },
    connect: async (receiptsUrl) => ({
      ok: true,
      text: `Twilio needs no registration: every message names ${receiptsUrl} for its receipts.`,
      changed: false,
      secret: null,
    }),
  }
}

function keyOf(status: string | null): Finding {
  if (status === null) return silentOn('key', 'Twilio', 'the status of the account')
  return status === 'active'
    ? { what: 'key', ok: true, text: 'Twilio takes the token, and the account is active.' }
    : { what: 'key', ok: false, text: `The account is ${status}.`, fix: 'Activate the account at twilio.com.' }
}

const ofService: Finding = {
  what: 'sender',
  ok: null,
  text: 'A messaging service chooses the sender; this was not asked.',
  fix: 'Look at the service’s senders at twilio.com.',
}

async function senderOf(calls: AccountCalls, path: string, from: string): Promise<Finding> {
  if (!/^\+\d+$/.test(from))
    return {
      what: 'sender',
      ok: null,
      text: `${from} is a name; countries decide whether it may send.`,
      fix: 'Send a test message.',
    }
  const listed = await calls.get(`${path}/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(from)}`)
  if (!listed.ok) return unclear('sender', listed.text)
  const owned = field(listed.json, 'incoming_phone_numbers')
  if (!Array.isArray(owned)) return silentOn('sender', 'Twilio', 'a list of numbers')
  const [number] = listOf(owned)
  const fix = `Set ${settings.from.name} to a number of this account that can send SMS.`
  if (!number) return { what: 'sender', ok: false, text: `The account does not own ${from}.`, fix }
  return at(number, 'capabilities').sms === true
    ? { what: 'sender', ok: true, text: `The account owns ${from}, which can send SMS.` }
    : { what: 'sender', ok: false, text: `${from} cannot send SMS.`, fix }
}
