// Generated secrets: made once, closed to others, agreed on by all who start at once.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ensureSecrets } from '../../src/config/secrets.ts'
import { webhookSecret } from '../../src/settings/values.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'posthorn-secrets-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

it('secrets are made once and stay the same', async () => {
  const first = await ensureSecrets(join(dir, 'data'))
  expect(first.apiKey).toMatch(/^phk_[A-Za-z0-9_-]{43}$/)
  expect(webhookSecret(24, 64)(first.demoSecret).ok).toBe(true)
  expect(encodeURIComponent(first.databasePassword)).toBe(first.databasePassword)
  expect(await ensureSecrets(join(dir, 'data'))).toEqual(first)
})

it('a folder that cannot be made is named with what to do', async () => {
  const path = join(dir, 'a file')
  writeFileSync(path, '')
  for (const one of [path, join(path, 'data')])
    await expect(ensureSecrets(one)).rejects.toMatchObject({
      // With which a command exits with 78.
      setting: 'DATA_DIR',
      message: `DATA_DIR ${one} cannot be made; give a folder in one that this user can write to`,
    })
})

it('the file is closed to others, and so is its folder', async () => {
  await ensureSecrets(join(dir, 'data'))
  expect(statSync(join(dir, 'data/secrets.json')).mode & 0o777).toBe(0o600)
  expect(statSync(join(dir, 'data')).mode & 0o077 & ~0o011).toBe(0)
  expect(readdirSync(join(dir, 'data'))).toEqual(['secrets.json'])
})

it('many who start at once agree', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => ensureSecrets(join(dir, 'data'))))
  expect(new Set(all.map((secrets) => JSON.stringify(secrets))).size).toBe(1)
  expect(readdirSync(join(dir, 'data'))).toEqual(['secrets.json'])
})

it.each([
  ['', 'databasePassword'],
  ['{"databasePassword": "hunter2', 'databasePassword'],
  ['null', 'databasePassword'],
  [JSON.stringify({ databasePassword: 'a'.repeat(32), apiKey: 'hunter2' }), 'apiKey'],
])('a broken file %j is reported, never replaced and never quoted', async (text, name) => {
  writeFileSync(join(dir, 'secrets.json'), text)
  const error: Error = await ensureSecrets(dir).then(
    () => expect.unreachable(),
    (reason) => reason,
  )
  expect(error.message).toContain(`no valid ${name}`)
  expect(error.message).not.toContain('hunter2')
  expect(readFileSync(join(dir, 'secrets.json'), 'utf8')).toBe(text)
})

it.skipIf(process.getuid?.() === 0)('a folder that cannot be written is an error that names it', async () => {
  chmodSync(dir, 0o500)
  await expect(ensureSecrets(join(dir, 'data'))).rejects.toThrow(join(dir, 'data'))
  expect(existsSync(join(dir, 'data'))).toBe(false)
})
