// The OpenAPI document, and whether an answer is one that it describes.
import type { Ajv2020 as Ajv } from 'ajv/dist/2020.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

interface Content {
  content?: Record<string, { schema: object }>
}
export interface Operation {
  operationId: string
  summary?: string
  tags?: string[]
  security: Record<string, string[]>[]
  parameters?: { name: string; in: string; schema: object }[]
  requestBody?: Content & { required: boolean }
  responses: Record<string, Content & { $ref?: string }>
}
export interface Document {
  openapi: string
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  webhooks: Record<string, { post: Operation }>
  components: {
    schemas: Record<string, { properties?: Record<string, object>; examples?: unknown[] }>
    responses: Record<string, Content>
  }
}

export interface Documented {
  document: Document
  /** With the method in capitals, as `GET /v1/events`, in the order of the document. */
  operations: (Operation & { method: string; path: string })[]
  /** What is wrong with an answer of an operation; empty if it is as described. */
  faults(operationId: string, answer: { status: number; headers: Headers; body: unknown }): string[]
  /** What is wrong with a value of a named schema. */
  faultsOf(schema: string, value: unknown): string[]
}

export function documented(document: Document): Documented {
  const ajv: Ajv = new Ajv2020({ allErrors: true, strict: false })
  ;(addFormats as unknown as (ajv: Ajv) => void)(ajv)
  ajv.addSchema(document, 'openapi')
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  )
  const check = (pointer: string, value: unknown) => {
    const validate = ajv.compile({ $ref: `openapi#${pointer}` })
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
  return {
    document,
    operations,
    faultsOf: (schema, value) => check(`/components/schemas/${schema}`, value),
    faults(operationId, { status, headers, body }) {
      const { path, method, responses } =
        operations.find((one) => one.operationId === operationId) ?? operations[0] ?? never()
      const response = responses[status]
      if (!response) return [`${operationId} is not documented to answer ${status}`]
      const at = response.$ref?.slice(1) ?? `/paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}`
      const name = at.split('/').at(-1) ?? ''
      const { content } = response.$ref ? (document.components.responses[name] ?? {}) : response
      if (!content) return body === '' ? [] : [`${operationId} is documented to answer ${status} without a body`]
      const type = headers.get('content-type')?.split(';')[0] ?? ''
      if (!content[type]) return [`${operationId} is not documented to answer ${status} with ${type}`]
      return check(`${at}/content/${escaped(type)}/schema`, body)
    },
  }
}

const escaped = (key: string) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))

function never(): never {
  throw new Error('the document has no operations')
}
