// Benchmark: messages rendered per second by one process, over all notifiers, with NODE_ENV=production, which React reads,
// and without.
import { startChild } from './child.ts'
import type { Rendered, RendererSettings } from './child-renderer.ts'
import { type CaseResult, figure, ratio } from './figures.ts'

export async function rendering(quick: boolean): Promise<CaseResult> {
  const rounds = quick ? 3 : 5
  await using cleanup = new AsyncDisposableStack()
  const begin = async (env: Record<string, string>) => {
    const renderer = startChild('renderer', { seconds: quick ? 0.5 : 2 } satisfies RendererSettings, env)
    cleanup.defer(() => renderer.stop())
    await renderer.next('ready')
    return async () => {
      renderer.emit('round')
      return renderer.next<Rendered>('rendered')
    }
  }
  const production = await begin({ NODE_ENV: 'production' })
  const unset = await begin({})
  await production()
  await unset()
  const results = { production: [] as Rendered[], unset: [] as Rendered[] }
  for (let i = 0; i < rounds; i++) {
    results.production.push(await production())
    results.unset.push(await unset())
  }
  const emails = (of: Rendered[]) => of.map((rendered) => rendered.emails)
  return {
    name: 'Rendering',
    conditions: 'The samples of all notifiers in turn, in one process: HTML and text of emails, and SMS.',
    figures: [
      figure('emails, NODE_ENV=production', '/s', emails(results.production)),
      figure('emails, NODE_ENV unset', '/s', emails(results.unset)),
      ratio('production against unset', emails(results.production), emails(results.unset)),
      figure(
        'SMS',
        '/s',
        results.production.map((rendered) => rendered.sms),
      ),
    ],
    checks: [],
  }
}
