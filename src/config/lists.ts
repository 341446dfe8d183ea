// The lists of who may call and who is called back: apps with their secrets, API keys, callback addresses.
import { entries, namePattern, nameRule, pairs } from '../settings/lists.ts'
import type { Reader } from '../settings/reader.ts'
import { leastSecretLength } from '../settings/secrets.ts'
import { secret, webhookSecret, webUrl } from '../settings/values.ts'
import { reservedNames } from '../sources/index.ts'
import type { AppSecret } from '../wire/standard-webhook.ts'
import type { ApiKey } from './config.ts'

/** Null: unset, so that the demo app is on. */
export function appSecrets(reader: Reader): AppSecret[] | null {
  const name = 'APP_WEBHOOK_SECRETS'
  if (reader.text(name) === null) return null
  return pairs(reader, name, 'name=whsec_…').map(({ key, value, at }) => {
    if (reservedNames.includes(key.toLowerCase()))
      reader.fault(name, `${at} is named ${key}, which is a source of our own; give the app another name`)
    const parsed = webhookSecret(24, 64)(value)
    if (!parsed.ok) reader.fault(name, `${at} ${parsed.text}`)
    return { name: key, secret: value }
  })
}

/** Null: unset, so that one key is generated. */
export function apiKeys(reader: Reader): ApiKey[] | null {
  const name = 'API_KEYS'
  const keys: ApiKey[] = []
  const firstAt = new Map<string, string>()
  const found = entries(reader, name)
  for (const [index, entry] of (found ?? []).entries()) {
    const at = `entry ${index + 1}`
    const [, owner = '', role = '', key = ''] = /^([^:]*):([^:]*):(.*)$/.exec(entry) ?? []
    const known = role === 'producer' || role === 'viewer' || role === 'operator' ? role : null
    const malformed =
      !owner || !key
        ? 'is not a triple; give name:role:key'
        : !namePattern.test(owner)
          ? `has a wrong name; a name is ${nameRule}`
          : null
    if (malformed || !known) {
      reader.fault(name, `${at} ${malformed ?? 'has an unknown role; give producer, viewer or operator'}`)
      continue
    }
    if (known !== 'viewer' && reservedNames.includes(owner.toLowerCase()))
      reader.fault(name, `${at} is named ${owner}, which is a source of our own; give the key another name`)
    const parsed = secret(leastSecretLength)(key)
    if (!parsed.ok) reader.fault(name, `${at}: the key ${parsed.text}`)
    const twin = firstAt.get(key)
    if (twin) reader.fault(name, `${at} has the same key as ${twin}; give each its own`)
    else firstAt.set(key, at)
    keys.push({ name: owner, role: known, key })
  }
  return found && keys
}

export function callbackUrls(reader: Reader, apps: AppSecret[] | null, allowPrivate: boolean): Record<string, string> {
  const name = 'APP_CALLBACKS'
  const urls: Record<string, string> = {}
  for (const { key, value, at } of pairs(reader, name, 'name=https://…')) {
    const parsed = webUrl(value)
    const plain = parsed.ok && parsed.value.startsWith('http:')
    if (!parsed.ok) reader.fault(name, `${at} is not a URL; give name=https://… (a comma within it as %2C)`)
    if (plain && !allowPrivate)
      reader.fault(name, `${at} is plain http; give https, or set CALLBACKS_ALLOW_PRIVATE=true`)
    if (parsed.ok && hasMore(parsed.value))
      reader.fault(name, `${at} has a user or a fragment; give only https://host/path?query`)
    if (Object.hasOwn(urls, key)) reader.fault(name, `${at} names ${key} again; give each app one URL`)
    const known = apps ? apps.some((app) => app.name === key) : key === 'demo'
    if (!known) reader.fault(name, `${at} names ${key}, which has no secret; add ${key}=whsec_… to APP_WEBHOOK_SECRETS`)
    if (parsed.ok) urls[key] = parsed.value
  }
  return urls
}

/** A signature says who calls; a password in the URL would stand in every list of what was sent where. */
function hasMore(url: string): boolean {
  const { username, password, hash } = new URL(url)
  return username !== '' || password !== '' || hash !== ''
}
