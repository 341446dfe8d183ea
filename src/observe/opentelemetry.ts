// Traces by OpenTelemetry's SDK, sent as OTLP over HTTP. It is no global provider: nothing but our steps is traced.
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type Context,
  type Span as OtelSpan,
  ROOT_CONTEXT,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { parseTraceParent } from '@opentelemetry/core'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import { packageVersion } from '../package-root.ts'
import { attributesOf } from './span-attributes.ts'
import { sendSpans } from './span-sender.ts'
import type { Span, Step, Tracing, TracingSettings } from './tracing.ts'

const kinds = {
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
}

export function startTracing(settings: TracingSettings, log: Logger): Tracing {
  const version = packageVersion()
  const own = { 'service.version': version, 'service.instance.id': randomUUID() }
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ ...own, ...settings.resource })),
    sampler: samplerOf(settings.sampler),
    spanProcessors: [sendSpans(settings, log)],
  })
  const tracer = provider.getTracer('posthorn', version)
  const start = ({ name, kind, startedAt, attributes }: Step, parent: Context) =>
    spanOf(tracer.startSpan(name, { kind: kinds[kind], startTime: startedAt, attributes }, parent))
  return {
    isOn: true,
    begin: (step, sender) => start(step, contextOf(sender) ?? ROOT_CONTEXT),
    step(traceparent, step) {
      const parent = contextOf(traceparent)
      return parent ? start(step, parent) : { traceparent: null, end() {} }
    },
    async close(withinMs) {
      // What could not be sent has been logged.
      const sent = provider.shutdown().catch(() => {})
      await Promise.race([sent, wait(withinMs, undefined, { ref: false })])
    },
  }
}

function spanOf(span: OtelSpan): Span {
  return {
    traceparent: traceparentOf(span.spanContext()),
    end(fields, endedAt) {
      const attributes = attributesOf(fields)
      span.setAttributes(attributes)
      if ('error.type' in attributes) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(endedAt)
    },
  }
}

function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags & TraceFlags.SAMPLED ? '01' : '00'}`
}

/** Null for what is no `traceparent`. Of a sender's nothing but its two ids and its flags is kept. */
function contextOf(traceparent: unknown): Context | null {
  const parsed = typeof traceparent === 'string' ? parseTraceParent(traceparent) : null
  return parsed && trace.setSpanContext(ROOT_CONTEXT, { ...parsed, isRemote: true })
}

function samplerOf({ name, ratio }: TracingSettings['sampler']): Sampler {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler()
    case 'always_off':
      return new AlwaysOffSampler()
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio)
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() })
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() })
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) })
  }
}
