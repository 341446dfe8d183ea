// The routes that show the providers, with their health, rate and changes, and pause or resume one.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Ctx } from '../../context.ts'
import { type Channel, channels } from '../../domain/notification.ts'
import { pauseProvider } from '../../operate/pause.ts'
import { changeText, circuitText } from '../../show/causes.ts'
import { snapshot } from '../../store/db.ts'
import { type ChangeRow, type Figures, latestChanges, latestFigures } from '../../store/providers/changes.ts'
import { type ProviderHealth, readHealth } from '../../store/providers/health.ts'
import { wholeListShape } from '../answers/page.ts'
import { isoOrNull, shape } from '../answers/shapes.ts'
import type { RequireRight } from '../auth.ts'
import { conflict, notFound } from '../problems/problem.ts'
import { callerOf } from './actions.ts'

type Shown = z.input<typeof shape.provider>

const figuresSeconds = 300
const changesShown = 10
/** A probe's outcome is recorded when its call ends; a call may take a minute. */
const probeTakesMs = 60_000

const params = z.object({ name: z.string() })

export function providerRoutes(ctx: Ctx, requireRight: RequireRight): FastifyPluginAsyncZod {
  return async (server) => {
    server.get(
      '/v1/providers',
      {
        onRequest: requireRight('read'),
        schema: {
          operationId: 'listProviders',
          tags: ['Providers'],
          summary: 'The providers of each route in order, with their health, rate and latest changes',
          response: { 200: wholeListShape('ProviderList', shape.provider) },
        },
      },
      async () => ({ data: await allProviders(ctx), nextCursor: null }),
    )
    for (const act of ['pause', 'resume'] as const)
      server.post(
        `/v1/providers/:name/${act}`,
        {
          onRequest: requireRight('act'),
          schema: {
            operationId: `${act}Provider`,
            tags: ['Providers'],
            problems: ['not_found', 'conflict'],
            summary:
              act === 'pause' ? 'Make no calls to this provider until it is resumed' : 'End the pause of this provider',
            params,
            response: { 200: shape.provider },
          },
        },
        (request) => setPause(ctx, request.params.name, act === 'pause', callerOf(request)),
      )
  }
}

async function setPause(ctx: Ctx, name: string, paused: boolean, by: string): Promise<Shown> {
  const known = channels.some((channel) => ctx.routes[channel].some((provider) => provider.name === name))
  if (!known) throw notFound('No route has a provider of this name.')
  if (!(await pauseProvider(ctx, name, paused, by)))
    throw conflict(paused ? 'The provider is already paused.' : 'The provider is not paused.')
  ctx.log.warn({ stage: 'providers', provider: name, by }, paused ? 'provider paused' : 'provider resumed')
  const shown = (await allProviders(ctx)).find((provider) => provider.name === name)
  if (!shown) throw new Error(`provider ${name} is in a route but not in the list of providers`)
  return shown
}

async function allProviders(ctx: Ctx): Promise<Shown[]> {
  const [healths, figures, changes] = await snapshot(ctx.reads.db, async (tx) => [
    await readHealth(tx),
    await latestFigures(tx, figuresSeconds),
    await latestChanges(tx, changesShown),
  ])
  const show = (name: string, channel: Channel, place: number): Shown => {
    const health = healths.find(({ provider }) => provider === name)
    if (!health) throw new Error(`provider ${name} has no health row`)
    return {
      name,
      channel,
      position: place + 1,
      rate: ctx.rates.perSecond(name),
      ...showHealth(health, ctx.clock.now()),
      ...showFigures(figures.find(({ provider }) => provider === name)),
      changes: changes.filter(({ provider }) => provider === name).map(showChange),
    }
  }
  return channels.flatMap((channel) => ctx.routes[channel].map(({ name }, place) => show(name, channel, place)))
}

function showHealth({ circuit, pausedAt, pausedBy, probedAt, slowUntil, slowForMs }: ProviderHealth, now: Date) {
  const probing = probedAt !== null && probedAt.getTime() > now.getTime() - probeTakesMs
  const slow = slowForMs > 0 && slowUntil ? `it asked us to wait until ${slowUntil.toISOString()}` : null
  return {
    circuit: circuit.state === 'open' && probing ? ('half-open' as const) : circuit.state,
    why: circuit.cause ? circuitText(circuit.cause) : slow,
    paused: pausedAt && { at: pausedAt.toISOString(), by: pausedBy ?? '' },
    nextProbeAt: pausedAt ? null : isoOrNull(circuit.nextProbeAt),
  }
}

function showFigures(
  { good, bad, other, latencyMs }: Omit<Figures, 'provider'> = { good: 0, bad: 0, other: 0, latencyMs: 0 },
) {
  return {
    calls: { good, bad, other },
    successRate: good + bad > 0 ? good / (good + bad) : null,
    latencyMs: good + bad + other > 0 ? latencyMs : null,
  }
}

function showChange({ at, what, cause, changedBy }: ChangeRow) {
  return { at: at.toISOString(), what: changeText(what, cause), by: changedBy }
}
