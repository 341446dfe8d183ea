// Makes the whole OpenAPI document of what the routes say: problems, posted events, callbacks, and only schemas in use.
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { postedNotifiers } from '../../notifiers/index.ts'
import { vendorSources } from '../../sources/index.ts'
import { callbackOperations } from './callbacks.ts'
import { describeRoute } from './describe-route.ts'
import { eventSchemas } from './event-schemas.ts'
import type { Paths } from './paths.ts'
import { tags } from './tags.ts'
import { tidied } from './tidied.ts'
import { withResponses } from './with-responses.ts'

type Document = ReturnType<typeof jsonSchemaTransformObject>
interface Described {
  paths: Paths
  components: { schemas: Record<string, object> }
}

const apiKey = (name: string, description: string) => ({ type: 'apiKey', in: 'header', name, description }) as const

/** The options of the plug-in that collects the routes. */
export const openApiOptions: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Posthorn',
      version: '1',
      summary: 'Signed webhooks in, email and SMS out, every attempt on record.',
      description:
        'Times are ISO 8601 in UTC, ids are opaque strings, and every answer that is not a success is a problem (RFC 9457).',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    tags,
    components: {
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description:
            'A key of `API_KEYS`, in one of its roles: a `producer` posts events, a `viewer` reads, an `operator` does both and acts.',
        },
        webhookId: apiKey('webhook-id', 'Standard Webhooks: the id of the event, which makes a repeat a duplicate.'),
        webhookTimestamp: apiKey(
          'webhook-timestamp',
          'Standard Webhooks: seconds since 1970, within 300 of our clock.',
        ),
        webhookSignature: apiKey(
          'webhook-signature',
          'Standard Webhooks: `v1,` and the HMAC-SHA256 of `id.timestamp.body` in base64; several are separated by blanks.',
        ),
        ...Object.fromEntries(
          vendorSources.map(({ name, signatureHeader }) => [
            `${name}Signature`,
            apiKey(signatureHeader, 'The vendor’s own signature of the raw body.'),
          ]),
        ),
      },
    },
  },
  transform: describeRoute,
  transformObject: (input) => {
    const described = jsonSchemaTransformObject(input) as unknown as Described
    const { paths, responses } = withResponses(described.paths)
    const schemas = { ...described.components.schemas, ...eventSchemas(postedNotifiers) }
    const components = { ...described.components, schemas, responses }
    const document = { ...described, paths, webhooks: callbackOperations(), components }
    return tidied(document) as unknown as Document
  },
}
