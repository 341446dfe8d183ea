// Runs periodic work of a process, one run after the other.
import type { Ctx } from '../context.ts'

/**
 * Runs `work` again and again, `everyMs` after the last run ended; a failed run is logged. Answers how to stop it, which a long
 * run is
 * asked whether it was.
 */
export function repeat(
  ctx: Ctx,
  name: string,
  everyMs: number,
  work: (isStopped: () => boolean) => Promise<unknown>,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  let stopped = false
  const next = () => {
    if (!stopped) timer = setTimeout(run, everyMs)
  }
  const run = () => {
    running = work(() => stopped)
      .catch((error) => ctx.log.warn({ stage: name, err: error }, 'periodic run failed'))
      .then(next)
  }
  next()
  return () => {
    stopped = true
    clearTimeout(timer)
    return running
  }
}
