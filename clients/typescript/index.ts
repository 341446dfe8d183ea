// A typed client of the API, made of the OpenAPI document: paths, queries, bodies and answers are checked by the compiler.
import createClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './schema.ts'

/** The named schemas of the document, such as `Schemas['Notification']`. */
export type Schemas = components['schemas']

export type Posthorn = Client<paths>

/**
 * Answers `{ data }` or `{ error }`, where the error is a problem with a stable `code`; throws only where no answer comes.
 * `url` is the base of the service, `key` an API key.
 */
export function posthorn({ url, key }: { url: string; key: string }): Posthorn {
  return createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${key}` } })
}
