// Searches stored texts for a person: Postgres chooses by patterns which may name them, and those are searched exactly, in short
// turns of the event loop.
import { eventLoopYielder } from '../clock.ts'
import type { PersonFinder } from '../privacy/person-finder.ts'
import { oneByOne } from '../store/batch.ts'
import type { Reader } from '../store/db.ts'
import { matchingContents, matchingTexts, readContents, readTexts, type Texts } from '../store/people/texts.ts'

/** A body may have 10 MiB, so all searches of bodies in a process take turns, part by part. */
const onePartAtATime = oneByOne()

/** The ids of the texts that name the person, but for those that are known. */
export async function textsNaming(
  db: Reader,
  texts: Texts,
  { finder, patterns, known }: { finder: PersonFinder; patterns: string[]; known: string[] },
): Promise<string[]> {
  const seen = new Set(known)
  const found: string[] = []
  for await (const ids of matchingTexts(db, texts, patterns)) {
    const unseen = ids.filter((id) => !seen.has(id))
    found.push(...(await onePartAtATime(() => naming(readTexts(db, texts, unseen), finder))))
  }
  return found
}

/**
 * Those of these notifications whose content names the person. Takes no turn: within a transaction, its locks would wait for the
 * searches of others, and they for its connection.
 */
export async function contentsNaming(
  db: Reader,
  notificationIds: string[],
  { finder, patterns }: { finder: PersonFinder; patterns: string[] },
): Promise<string[]> {
  const found: string[] = []
  for await (const ids of matchingContents(db, notificationIds, patterns))
    found.push(...(await naming(readContents(db, ids), finder)))
  return found
}

async function naming(texts: AsyncIterable<{ id: string; raw: Buffer }>, finder: PersonFinder): Promise<string[]> {
  const yieldTurn = eventLoopYielder()
  const found: string[] = []
  for await (const { id, raw } of texts) if (await isNamed(raw.toString(), finder, yieldTurn)) found.push(id)
  return found
}

async function isNamed(text: string, finder: PersonFinder, yieldTurn: () => Promise<void>): Promise<boolean> {
  const steps = finder.steps(text)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
    await yieldTurn()
  }
}
