// The contract of tracing: the steps of an event become spans of one trace.

export const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

export interface TracingSettings {
  /** Without a trailing slash. */
  endpoint: string
  /** Sent with every export; they may have the collector's key. */
  headers: Record<string, string>
  /** What describes this service, its name among it. */
  resource: Record<string, string>
  /** `ratio`: the share of traces that a sampler by ratio keeps. */
  sampler: { name: (typeof samplers)[number]; ratio: number }
}

export interface Tracing {
  /** Where it is off, no row's trace need be read. */
  isOn: boolean
  /** Begins a trace, or continues that of the sender if it names one: a W3C `traceparent`, as it came. */
  begin(step: Step, sender?: unknown): Span
  /** Begins a step of the trace that `traceparent` names; null: of no trace. */
  step(traceparent: string | null, step: Step): Span
  /** Sends what is left, for at most this long. */
  close(withinMs: number): Promise<void>
}

/** What a span shows from its beginning. */
export interface Step {
  name: string
  kind: 'server' | 'consumer' | 'client' | 'internal'
  startedAt: Date
  attributes?: Record<string, string | number>
}

export interface Span {
  /** Names it as a parent; null where nothing is traced. */
  traceparent: string | null
  /** Takes the fields of the step's log line, of which it shows those that are listed in `span-attributes.ts`. */
  end(fields: object, endedAt: Date): void
}

const noSpan: Span = { traceparent: null, end() {} }

export const noTracing: Tracing = { isOn: false, begin: () => noSpan, step: () => noSpan, close: async () => {} }
