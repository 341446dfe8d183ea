// The table of moves: what docs/states.md draws of it, and the fence that holds the service to it in every test on a
// database (test/helper/state-fence.ts). A statement that moves a notification otherwise fails in the test that runs it.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { firstStates, moves, type State, states } from '../../src/domain/notification.ts'
import { freshDatabase } from '../helper/world.ts'

const page = readFileSync(path.join(import.meta.dirname, '../../docs/states.md'), 'utf8')
const onTheirWay: State[] = ['scheduled', 'pending', 'sending', 'unconfirmed']
const ended = states.filter((state) => !onTheirWay.includes(state))

describe('docs/states.md', () => {
  it('draws the moves that the table has, those of what is on its way and those from an end', () => {
    const attempted = [...firstStates.map((to) => `[*] --> ${to}`), ...arrowsFrom(onTheirWay)]
    const drawn = [...page.matchAll(/```mermaid\nstateDiagram-v2\n([^`]*)```/g)].map(([, arrows = '']) => arrows)
    expect(drawn).toEqual([attempted, arrowsFrom(ended)].map((arrows) => arrows.map((one) => `  ${one}\n`).join('')))
  })

  it('has a row for each state with all that can follow', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| [^|]+ \| (.*) \|$/gm)].map(([, state, next]) => [state, next])
    const named = (all: readonly State[]) => all.map((state) => `\`${state}\``).join(', ') || 'nothing'
    expect(rows).toEqual(states.map((state) => [state, named(moves[state])]))
  })
})

function arrowsFrom(from: State[]): string[] {
  return from.flatMap((state) => moves[state].map((to) => `${state} --> ${to}`))
}

it('the fence lets the service make exactly the moves of the table', async () => {
  const database = await freshDatabase()
  // Hundreds of commits, none of which must survive.
  const options = '-c synchronous_commit=off'
  const service = new pg.Client({ connectionString: database.url, application_name: 'posthorn', options })
  const scene = new pg.Client({ connectionString: database.url, options })
  await Promise.all([service.connect(), scene.connect()])
  await scene.query(
    `insert into posthorn.events (id, source, source_id, type, source_type, status, priority, received_at, occurred_at)
     values (gen_random_uuid(), 'shop', '1', 'x.y', 'x.y', 'planned', 'normal', now(), now())`,
  )
  const insert = (state: State) => `
    with made as (
      insert into posthorn.notification_details (id, event_id, event_type, source_type, source, fact, notifier, category, channel,
        recipient_key, address, locale, timezone, priority, when_unsure, created_at)
      select gen_random_uuid(), id, type, source_type, source, gen_random_uuid(), 'x', 'transactional', 'email', 'x',
        'ada@example.com', 'en', 'UTC', 'normal', 'hold', now() from posthorn.events returning id, channel, priority, created_at)
    insert into posthorn.notification_states (id, channel, priority, created_at, state, reason_code, due_at)
    select id, channel, priority, created_at, '${state}', 'due', now() from made returning id`
  const isDone = (work: Promise<unknown>) =>
    work.then(
      () => true,
      () => false,
    )
  for (const state of states) {
    expect([state, await isDone(service.query(insert(state)))]).toEqual([
      state,
      firstStates.some((one) => one === state),
    ])
    for (const to of states) {
      const { rows } = await scene.query<{ id: string }>(insert(state))
      const moved = await isDone(
        service.query('update posthorn.notification_states set state = $2 where id = $1', [rows[0]?.id, to]),
      )
      expect([state, to, moved]).toEqual([state, to, to === state || moves[state].includes(to)])
    }
  }
  await Promise.all([service.end(), scene.end()])
  await database.drop()
})
