// Calls to a vendor's API about our account, and the findings that several vendors share.
import { redact } from '../../privacy/redact.ts'
import { type HttpRequest, transport } from '../../wire/http.ts'
import { parseJson } from '../../wire/json.ts'
import type { Connected, Finding } from '../account.ts'

const limitMs = 10_000

/** `status` is null if the vendor did not answer. */
export type AccountAnswer =
  | { ok: true; json: unknown }
  | { ok: false; status: number | null; json: unknown; text: string }

export interface AccountCalls {
  get(path: string): Promise<AccountAnswer>
  send(method: 'POST' | 'PUT' | 'PATCH', path: string, body: object | URLSearchParams): Promise<AccountAnswer>
}

/** Texts never hold a header or an address. */
export function accountCalls(baseUrl: string, title: string, authorization: string): AccountCalls {
  const headers = { authorization, accept: 'application/json', 'user-agent': 'posthorn' }
  async function call(request: Omit<HttpRequest, 'signal'>): Promise<AccountAnswer> {
    const wire = transport(baseUrl)
    try {
      const result = await wire.send({ ...request, signal: AbortSignal.timeout(limitMs) })
      if (result.kind !== 'answer')
        return { ok: false, status: null, json: undefined, text: `${title} did not answer: ${redact(result.text)}` }
      const { statusCode: status, body } = result
      const json = parseJson(body)
      if (status >= 200 && status < 300) return { ok: true, json }
      return { ok: false, status, json, text: `${title} answered ${status}: ${redact(body) || 'nothing'}` }
    } finally {
      await wire.close()
    }
  }
  return {
    get: (path) => call({ method: 'GET', path, headers }),
    send(method, path, body) {
      const isForm = body instanceof URLSearchParams
      const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json'
      const text = isForm ? body.toString() : JSON.stringify(body)
      return call({ method, path, headers: { ...headers, 'content-type': type }, body: text })
    },
  }
}

type Refused = Extract<AccountAnswer, { ok: false }>

/** A key that the vendor refused, or a vendor that did not answer, which says nothing of the key. */
export function keyFinding(refused: Refused, title: string, setting: string): Finding {
  const isRefusal = refused.status !== null && refused.status >= 400 && refused.status < 500 && refused.status !== 429
  return isRefusal
    ? { what: 'key', ok: false, text: refused.text, fix: `Copy a key that is in use at ${title} into ${setting}.` }
    : unclear('key', refused.text, `Check that this machine reaches ${title}, and ask again.`)
}

/** What was asked, and neither confirmed nor refused. */
export function unclear(what: string, text: string, fix = 'Ask again.'): Finding {
  return { what, ok: null, warn: true, text, fix }
}

/** An answer that lacks what it should say. */
export function silentOn(what: string, title: string, about: string): Finding {
  return unclear(what, `${title} answered without ${about}.`)
}

export const noPublicUrl: Finding = {
  what: 'webhook',
  ok: false,
  text: 'PUBLIC_URL is not a public https address, so no receipt can arrive.',
  fix: 'Set PUBLIC_URL to the https address under which this service is reached from outside.',
}

/** Receipts of a vendor whose every message names where its receipts go. */
export function perMessageReceipts(receiptsUrl: string | null): Finding {
  return receiptsUrl === null
    ? noPublicUrl
    : { what: 'webhook', ok: true, text: `Every message names ${receiptsUrl} for its receipts.` }
}

/** What `inspect` says of a webhook that was looked for in the vendor's list. */
export function webhookFinding(name: string, receiptsUrl: string, found: 'enabled' | 'disabled' | null): Finding {
  if (found === 'enabled') return { what: 'webhook', ok: true, text: `Receipts are posted to ${receiptsUrl}.` }
  const text = found ? `The webhook ${receiptsUrl} is disabled.` : `No webhook posts to ${receiptsUrl}.`
  return { what: 'webhook', ok: false, text, fix: `Run posthorn connect ${name}.` }
}

export function refusedConnect({ text, status }: Refused, right: string): Connected {
  const fix =
    status === 401 || status === 403
      ? `Use a key that ${right}, or register the webhook in the vendor’s panel.`
      : 'Fix this and run the command again; it starts where it stopped.'
  return { ok: false, text, fix }
}

/** The domain itself, or the parent that the vendor knows. */
export function isDomainOf(known: string, domain: string): boolean {
  return domain === known || domain.endsWith(`.${known}`)
}
