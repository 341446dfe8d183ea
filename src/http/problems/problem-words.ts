// What each problem is called, what it means and how to fix it, in English.
import type { ProblemCode } from '../../domain/problem.ts'

interface ProblemWords {
  title: string
  meaning: string
  fix: string
}

export const problemWords: Record<ProblemCode, ProblemWords> = {
  invalid_request: {
    title: 'The request is not valid',
    meaning: 'A query, a path, a header or a body has a value that the call does not take.',
    fix: 'Correct what `errors` names, each by its path; without `errors`, what `detail` says.',
  },
  malformed_http: {
    title: 'The request is not well-formed HTTP',
    meaning: 'The bytes are not an HTTP request, or its URL cannot be decoded.',
    fix: 'Correct the client. A `%` in a URL is followed by two hexadecimal digits.',
  },
  malformed_json: {
    title: 'The body is not JSON',
    meaning: 'The body is missing, cut off, or not JSON in UTF-8.',
    fix: 'Send JSON, with a correct `Content-Length`.',
  },
  not_an_event: {
    title: 'The body is not an event',
    meaning: 'The body is not a JSON object with a `type`, or the event has no id that can be stored.',
    fix: 'Correct what `detail` says. `GET /v1/notifiers` has a sample of each type.',
  },
  not_a_report: {
    title: 'The body is not a report',
    meaning: 'The report is signed as it should be, but it is not in a form that its provider sends.',
    fix: 'Check that the provider posts this kind of report to this URL, and in a version of its API that docs/providers.md names.',
  },
  key_missing: {
    title: 'The API key is missing',
    meaning: 'The call needs an API key, and the header `Authorization` has none.',
    fix: 'Send `Authorization: Bearer <key>`. `npm run posthorn -- secrets` shows the key that was generated.',
  },
  key_unknown: {
    title: 'The API key is not known',
    meaning: 'The header `Authorization` has a key, but none that `API_KEYS` lists.',
    fix: 'Check the key and the service that it is sent to. `npm run posthorn -- secrets` shows the key that was generated.',
  },
  signature_missing: {
    title: 'The signature is missing',
    meaning: 'The headers that sign a webhook are missing, repeated or malformed.',
    fix: 'Sign the webhook; see docs/sending.md. A vendor’s webhook lacks them where a proxy removes headers.',
  },
  signature_invalid: {
    title: 'The signature is wrong',
    meaning: 'The signature or token was not made with the secret in the settings, or the body was changed on its way.',
    fix: 'Compare the secret with that of the sender, and sign the bytes that are sent. A proxy must not change the body, and `PUBLIC_URL` must be the URL that the provider calls.',
  },
  timestamp_out_of_tolerance: {
    title: 'The timestamp is too far from our clock',
    meaning: 'The webhook was signed more than 300 seconds before or after the time of this service.',
    fix: 'Set the clocks of both sides. Sign a repeated webhook again, with the same id.',
  },
  link_invalid: {
    title: 'The link is not valid',
    meaning: 'The link is incomplete, or was made with another `SECRET_KEY`.',
    fix: 'Open the link in the message itself.',
  },
  role_not_allowed: {
    title: 'The key’s role does not allow this',
    meaning: 'A `producer` posts events, a `viewer` reads, an `operator` does both and acts.',
    fix: 'Use a key of a role that allows it; `API_KEYS` gives each key its role.',
  },
  form_refused: {
    title: 'The form is not valid any more',
    meaning: 'A form of the dashboard was sent without the token of this sign-in, or by a page of another site.',
    fix: 'Reload the page and send the form again. Scripts use the API, which needs no form.',
  },
  not_found: {
    title: 'It does not exist',
    meaning: 'There is nothing of this id or name.',
    fix: 'Check the id or the name, and the service that is asked.',
  },
  route_unknown: {
    title: 'There is no such path',
    meaning: 'No call has this path. A process with the role `worker` alone serves its health probes only.',
    fix: 'Check the path against `/openapi.json`, and which process it reaches.',
  },
  source_unknown: {
    title: 'The source is not known',
    meaning: 'No vendor sends webhooks to this path, or no app of this name has a secret.',
    fix: 'Add the app to `APP_WEBHOOK_SECRETS`, or correct the path.',
  },
  source_not_configured: {
    title: 'The source is not configured',
    meaning: 'The vendor is known, but the secret that verifies its webhooks is not set.',
    fix: 'Set the setting that `detail` names, and start the service again.',
  },
  provider_unknown: {
    title: 'The provider is not known',
    meaning: 'No provider of this name sends reports of this kind.',
    fix: 'Correct the path; docs/providers.md lists the providers with their URLs.',
  },
  provider_not_configured: {
    title: 'The provider’s reports are not configured',
    meaning: 'The provider is known, but the secret that verifies its reports is not set.',
    fix: 'Set the setting that `detail` names, and start the service again.',
  },
  method_not_allowed: {
    title: 'The method is not allowed here',
    meaning: 'The path exists, but not for this method.',
    fix: 'Use a method that the header `Allow` lists.',
  },
  request_too_slow: {
    title: 'The request took too long',
    meaning: 'The headers took more than 30 seconds, or the whole request more than 60.',
    fix: 'Send it again; an event with the same id.',
  },
  conflict: {
    title: 'Its state does not allow this',
    meaning: 'What is to be changed is in a state that does not allow it, or has changed since it was read.',
    fix: 'Read it again, and see `detail`.',
  },
  body_too_large: {
    title: 'The body is too large',
    meaning: 'A body has at most 1 MiB; on `/v1/events`, and for an app’s event on `/v1/explain`, 10 MiB.',
    fix: 'Send less, or several events.',
  },
  url_too_long: {
    title: 'The URL is too long',
    meaning: 'A part of the path has more than 1,000 characters.',
    fix: 'Check the URL.',
  },
  content_type_not_supported: {
    title: 'The content type is not supported',
    meaning: 'The body is named as another type than `application/json`.',
    fix: 'Send JSON with `Content-Type: application/json`.',
  },
  event_invalid: {
    title: 'The event is not valid',
    meaning: 'A field is missing, unknown, or has a value that its type does not take. Nothing was stored.',
    fix: 'Correct what `errors` names, each by its path, and send it again with the same id.',
  },
  event_too_much: {
    title: 'The event is too much work',
    meaning: 'The data has too many fields, values or levels, or is too large for its recipients. Nothing was stored.',
    fix: 'Send less data, or several events. `errors` names the limit.',
  },
  copy_invalid: {
    title: 'The copy has faults',
    meaning: 'The messages of a draft cannot be rendered, or are too long. Nothing was changed.',
    fix: 'Correct what `errors` names, each by its path.',
  },
  too_many_requests: {
    title: 'Too many requests',
    meaning: 'One address has sent too many webhooks to one source, or too many calls that were refused, in a minute.',
    fix: 'Wait as long as `Retry-After` says. `INGRESS_RATE_LIMIT` sets the limit of webhooks; behind a proxy, set `TRUST_PROXY`.',
  },
  headers_too_large: {
    title: 'The headers are too large',
    meaning: 'All headers together have more than 16 KiB.',
    fix: 'Send fewer or shorter headers.',
  },
  internal_error: {
    title: 'Internal error',
    meaning: 'The service has a fault.',
    fix: 'Repeat the request; an event with the same id. The log has the cause under the `requestId`.',
  },
  database_unavailable: {
    title: 'The database is unavailable',
    meaning: 'Postgres cannot be reached, or takes no writes. Whether a write was stored may be unknown.',
    fix: 'Repeat the request after `Retry-After`; an event with the same id.',
  },
  answer_too_slow: {
    title: 'The answer takes too long',
    meaning: 'A question took longer than questions may, or too many are being answered.',
    fix: 'Ask for less: add a filter, or a time range with `since` and `until`. Or repeat it after `Retry-After`.',
  },
  overloaded: {
    title: 'Too many bodies are arriving',
    meaning: 'The bodies that are not answered yet would need more memory than they may. Nothing was stored.',
    fix: 'Repeat the request after `Retry-After`; an event with the same id.',
  },
  stopping: {
    title: 'The process is stopping',
    meaning: 'The request came after the process was asked to stop. Nothing was stored.',
    fix: 'Repeat the request after `Retry-After`; an event with the same id.',
  },
}
