// Sends finished spans to the collector, in the background. If the collector is slow or down, only spans are
// lost: the queue is bounded, and a log line now and then says how many were dropped.
import { ExportResultCode } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchSpanProcessor, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import type { TracingSettings } from './tracing.ts'

const maxWaiting = 8192
const maxInBatch = 512
const sendEveryMs = 1000
/** What waits at the end is sent at once, and some may be on its way. */
const maxRequestsAtOnce = maxWaiting / maxInBatch + 2
const logEveryMs = 60_000

export function sendSpans(
  { endpoint, headers }: Pick<TracingSettings, 'endpoint' | 'headers'>,
  log: Logger,
): SpanProcessor {
  const losses = lossLog(log)
  const otlp = new OTLPTraceExporter({
    url: `${endpoint}/v1/traces`,
    headers,
    userAgent: 'posthorn',
    concurrencyLimit: maxRequestsAtOnce,
  })
  let waiting = 0
  const exporter: SpanExporter = {
    export(spans, done) {
      waiting -= spans.length
      otlp.export(spans, (result) => {
        if (result.code === ExportResultCode.FAILED) losses.add(spans.length, result.error)
        done(result)
      })
    },
    shutdown: () => otlp.shutdown(),
  }
  const batches = new BatchSpanProcessor({
    exporter,
    maxQueueSize: maxWaiting,
    maxExportBatchSize: maxInBatch,
    scheduledDelayMillis: sendEveryMs,
  })
  return {
    onStart() {},
    onEnd(span) {
      if (waiting >= maxWaiting) return losses.add(1)
      waiting += 1
      batches.onEnd(span)
    },
    forceFlush: () => batches.forceFlush(),
    async shutdown() {
      await batches.shutdown().finally(() => losses.write())
    },
  }
}

interface LossLog {
  add(spans: number, error?: Error): void
  /** Logs those that have not been logged. */
  write(): void
}

/** The first loss is logged at once, then the sum of each minute with losses. */
function lossLog(log: Logger): LossLog {
  let lost = 0
  let last: Error | undefined
  let quietUntilMs = 0
  const write = () => {
    const fields = { stage: 'traces', lost, ...(last && { err: last }) }
    if (lost > 0) log.warn(fields, 'spans were not sent: the collector is away or too slow')
    lost = 0
    last = undefined
  }
  return {
    write,
    add(spans, error) {
      lost += spans
      last = error ?? last
      const nowMs = performance.now()
      if (nowMs < quietUntilMs) return
      quietUntilMs = nowMs + logEveryMs
      write()
    },
  }
}
