// Masks addresses in answers to viewers, and records each reveal and each search by an address in the access log.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { eventLoopYielder } from '../clock.ts'
import type { Ctx } from '../context.ts'
import { mayBeAddress } from '../privacy/find-addresses.ts'
import { maskAll } from '../privacy/mask.ts'
import { recordAccess } from '../store/people/access-log.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The route has masked its own answer, or may show all of it. */
    isMasked: boolean
  }
}

/** Samples and copy, which name no real person. */
const withoutPeople = /^\/v1\/notifiers/
/** The id, email and phone of as many recipients as an event may have. */
const maxRecorded = 30_000

/** Masks, by its looks, the answer of every route that has not masked it by known addresses. */
export function maskForViewers(server: FastifyInstance): void {
  server.decorateRequest('isMasked', false)
  server.addHook('preSerialization', async (request, _reply, payload) => {
    const isOpen = request.isMasked || withoutPeople.test(request.routeOptions.url ?? '')
    return request.caller?.role !== 'viewer' || isOpen ? payload : await maskAll(payload)
  })
}

/** Whether this caller may see addresses. */
export function maySee({ caller }: FastifyRequest, reveal: boolean): boolean {
  return caller.role === 'operator' || reveal
}

/** Records a viewer's reveal; call it before the addresses are shown. */
export async function recordReveal(
  ctx: Ctx,
  request: FastifyRequest,
  subject: string,
  whose: Iterable<string | null>,
): Promise<void> {
  await record(ctx, request, { what: 'revealed addresses', subject, whose: [...whose].filter((one) => one !== null) })
}

/** Records a viewer's search by an address; call it before the answer. Other texts are not recorded. */
export async function recordSearch(
  ctx: Ctx,
  request: FastifyRequest,
  subject: string,
  asked: (string | undefined)[],
): Promise<void> {
  const whose: string[] = []
  const yieldTurn = eventLoopYielder()
  for (const text of asked) {
    await yieldTurn()
    if (text !== undefined && mayBeAddress(text)) whose.push(text)
  }
  if (whose.length > 0) await record(ctx, request, { what: 'searched by address', subject, whose })
}

async function record(
  ctx: Ctx,
  { caller }: FastifyRequest,
  { what, subject, whose }: { what: string; subject: string; whose: string[] },
): Promise<void> {
  if (caller.role === 'operator') return
  const recorded = [...new Set(whose)].slice(0, maxRecorded)
  await recordAccess(ctx.db, { at: ctx.clock.now(), keyName: caller.name, what, subject, whose: recorded })
}
