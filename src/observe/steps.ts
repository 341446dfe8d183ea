// The steps that spans are made of, named by OpenTelemetry's conventions for HTTP and for messaging.
import type { Step } from './tracing.ts'

export interface AcceptedRequest {
  method: string
  route: string
  /** Without the query. */
  path: string
  scheme: string
}

/** A request that brought an event and is answered with 200. */
export function requestStep({ method, route, path, scheme }: AcceptedRequest, startedAt: Date): Step {
  const attributes = {
    'http.request.method': method,
    'http.route': route,
    'url.path': path,
    'url.scheme': scheme,
    'http.response.status_code': 200,
  }
  return { name: `${method} ${route}`, kind: 'server', startedAt, attributes }
}

/** An event that comes from the service itself. */
export function ownEventStep(startedAt: Date): Step {
  return { name: 'accept event', kind: 'internal', startedAt }
}

/** The work of one of our queues on what its job names. */
export function jobStep(queue: string, startedAt: Date): Step {
  const attributes = {
    'messaging.system': 'pg_boss',
    'messaging.destination.name': queue,
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
  }
  return { name: `process ${queue}`, kind: 'consumer', startedAt, attributes }
}

/** The application of a provider's receipts to a notification. */
export function receiptStep(startedAt: Date): Step {
  return { name: 'process receipt', kind: 'consumer', startedAt }
}

/** A call to somebody outside: a provider, a source, or an app. */
export function callStep(what: 'send' | 'look up' | 'enrich', whom: string, startedAt: Date): Step {
  return { name: `${what} ${whom}`, kind: 'client', startedAt }
}
