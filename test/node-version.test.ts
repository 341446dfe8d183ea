// An older Node is told which one is needed, before anything is linked that it cannot link.
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const { versions } = process
const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never)
const error = vi.spyOn(console, 'error').mockReturnValue()

beforeEach(() => {
  vi.resetModules()
  vi.clearAllMocks()
})
afterEach(() => Object.defineProperty(process, 'versions', { value: versions }))

async function loadedOn(node: string) {
  Object.defineProperty(process, 'versions', { value: { ...versions, node } })
  await import('../src/node-version.ts')
}

it.each(['20.20.2', '22.18.0'])('Node %s ends with one line', async (node) => {
  await loadedOn(node)
  expect(exit).toHaveBeenCalledWith(78)
  expect(error.mock.calls).toEqual([[expect.stringMatching(`^Posthorn requires Node 24; this is ${node}\\.`)]])
})

it.each(['24.0.0', '26.1.0'])('Node %s goes on', async (node) => {
  await loadedOn(node)
  expect(exit).not.toHaveBeenCalled()
})

it('the entry links nothing but this check: the rest is loaded after it', () => {
  const links = (file: string) =>
    [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b.*?'(.*)'$/gm)].map(([, from]) => from)
  expect(links('src/main.ts')).toEqual(['./node-version.ts'])
  expect(links('src/node-version.ts')).toEqual([])
})
