// Turns traces on where a collector is set. OpenTelemetry's packages are loaded only then.
import type { Logger } from 'pino'
import { noTracing, type Tracing, type TracingSettings } from './tracing.ts'

export async function openTracing(settings: TracingSettings | null, log: Logger): Promise<Tracing> {
  if (!settings) return noTracing
  const { startTracing } = await import('./opentelemetry.ts')
  return startTracing(settings, log)
}
