// Reads where traces go, from OpenTelemetry's own variables and in its own formats.
import { samplers, type TracingSettings } from '../observe/tracing.ts'
import { entries } from '../settings/lists.ts'
import type { Parsed, Reader } from '../settings/reader.ts'
import { baseUrl, invalid, oneOf, quoted, valid } from '../settings/values.ts'

const headersName = 'OTEL_EXPORTER_OTLP_HEADERS'

/** Null without an endpoint. */
export function tracingSettings(reader: Reader): TracingSettings | null {
  const endpoint = reader.read('OTEL_EXPORTER_OTLP_ENDPOINT', baseUrl)
  const attributes = pairs(reader, 'OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=production')
  const serviceName = reader.text('OTEL_SERVICE_NAME')
  const settings = {
    headers: headers(reader),
    resource: { 'service.name': 'posthorn', ...attributes, ...(serviceName && { 'service.name': serviceName }) },
    sampler: {
      name: reader.read('OTEL_TRACES_SAMPLER', oneOf(...samplers)) ?? 'parentbased_always_on',
      ratio: reader.read('OTEL_TRACES_SAMPLER_ARG', ratio) ?? 1,
    },
  }
  return endpoint === null ? null : { endpoint, ...settings }
}

function headers(reader: Reader): Record<string, string> {
  const found = pairs(reader, headersName, 'api-key=…')
  const isSendable = ([name, value]: [string, string]) =>
    /^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)
  if (!Object.entries(found).every(isSendable))
    reader.fault(headersName, 'has a name or a value that no HTTP header can have; give name=value pairs')
  return found
}

/** Comma-separated `key=value` pairs with percent-encoded values. Faults do not show them: a header may be a key. */
function pairs(reader: Reader, name: string, example: string): Record<string, string> {
  const found = entries(reader, name) ?? []
  return Object.fromEntries(
    found.flatMap((entry, index) => {
      const [, key = '', text = ''] = /^([^=]+)=(.*)$/.exec(entry) ?? []
      const [decodedKey, value] = [decode(key.trim()), decode(text.trim())]
      if (decodedKey && value !== null) return value === '' ? [] : [[decodedKey, value]]
      reader.fault(name, `entry ${index + 1} is not a pair; give ${example}, and write a comma or % as %2C or %25`)
      return []
    }),
  )
}

/** Null for what is not percent-encoded. */
function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function ratio(text: string): Parsed<number> {
  const value = /^\d{0,3}(\.\d{1,15})?$/.test(text) ? Number(text) : Number.NaN
  return value <= 1 ? valid(value) : invalid(`is ${quoted(text)}; give a number from 0 to 1 such as 0.1`)
}
