// What a viewer sees: no addresses, unless it asks for them, which is recorded with whose they were, as is a search by one.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Ctx } from '../context.ts'
import { readsAsAddress } from '../privacy/find-addresses.ts'
import { maskAll } from '../privacy/mask.ts'
import { recordAccess } from '../store/people/access-log.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The route has masked its answer by what it knows, or may show all of it. */
    isMasked: boolean
  }
}

/** Samples and words of ours, which name nobody. */
const ofNobody = /^\/v1\/notifiers/
const mostNamed = 10_000

/** Whatever a route does not mask by what it knows is masked by its looks. */
export function maskForViewers(server: FastifyInstance): void {
  server.decorateRequest('isMasked', false)
  server.addHook('preSerialization', async (request, _reply, payload) => {
    const isOpen = request.isMasked || ofNobody.test(request.routeOptions.url ?? '')
    return request.caller?.role !== 'viewer' || isOpen ? payload : maskAll(payload)
  })
}

/** Whether this caller is shown addresses. */
export function sees({ caller }: FastifyRequest, reveal: boolean): boolean {
  return caller.role === 'operator' || reveal
}

/** Before a viewer is shown whose addresses these are. */
export async function recordReveal(
  ctx: Ctx,
  request: FastifyRequest,
  subject: string,
  whose: Iterable<string | null>,
): Promise<void> {
  await record(ctx, request, { what: 'revealed addresses', subject, whose: [...whose].filter((one) => one !== null) })
}

/** Before a viewer is answered whether there is something under an address. What is none is not recorded. */
export async function recordSearch(
  ctx: Ctx,
  request: FastifyRequest,
  subject: string,
  asked: (string | undefined)[],
): Promise<void> {
  const whose = asked.filter((text) => text !== undefined).filter((text) => readsAsAddress(text))
  if (whose.length > 0) await record(ctx, request, { what: 'searched by address', subject, whose })
}

async function record(
  ctx: Ctx,
  { caller }: FastifyRequest,
  { what, subject, whose }: { what: string; subject: string; whose: string[] },
): Promise<void> {
  if (caller.role === 'operator') return
  const some = [...new Set(whose)].slice(0, mostNamed)
  await recordAccess(ctx.db, { at: ctx.clock.now(), keyName: caller.name, what, subject, whose: some })
}
