// Reads the lists of apps with their secrets, API keys and callback URLs.
import { entries, namePattern, nameRule, pairs } from '../settings/lists.ts'
import type { Reader } from '../settings/reader.ts'
import { minSecretLength } from '../settings/secrets.ts'
import { secret, webhookSecret, webUrl } from '../settings/values.ts'
import { reservedNames } from '../sources/index.ts'
import type { AppSecret } from '../wire/standard-webhook.ts'
import type { ApiKey } from './config.ts'

/** Null if unset. */
export function appSecrets(reader: Reader): AppSecret[] | null {
  const name = 'APP_WEBHOOK_SECRETS'
  if (reader.text(name) === null) return null
  return pairs(reader, name, 'name=whsec_…').map(({ key, value, at }) => {
    if (reservedNames.includes(key.toLowerCase()))
      reader.fault(name, `${at} is named ${key}, which is reserved; give the app another name`)
    const parsed = webhookSecret(24, 64)(value)
    if (!parsed.ok) reader.fault(name, `${at} ${parsed.text}`)
    return { name: key, secret: value }
  })
}

/** Null if unset. A test key shares its name with no other sender, so that the ids of its events are its own. */
export function apiKeys(reader: Reader, apps: AppSecret[] | null): ApiKey[] | null {
  const name = 'API_KEYS'
  const keys: ApiKey[] = []
  const firstAt = new Map<string, string>()
  const found = entries(reader, name)
  for (const [index, entry] of (found ?? []).entries()) {
    const at = `entry ${index + 1}`
    const [, owner = '', role = '', test, key = ''] = /^([^:]*):([^:]*):(test:)?(.*)$/.exec(entry) ?? []
    const isTest = test !== undefined
    const known = role === 'producer' || role === 'viewer' || role === 'operator' ? role : null
    const malformed =
      !owner || !key
        ? 'is not a triple; give name:role:key'
        : !namePattern.test(owner)
          ? `has an invalid name; a name is ${nameRule}`
          : null
    if (malformed || !known) {
      reader.fault(name, `${at} ${malformed ?? 'has an unknown role; give producer, viewer or operator'}`)
      continue
    }
    if (known !== 'viewer' && reservedNames.includes(owner.toLowerCase()))
      reader.fault(name, `${at} is named ${owner}, which is reserved; give the key another name`)
    if (isTest && known !== 'producer')
      reader.fault(name, `${at} is a test key of the role ${known}; only a producer's key can be one`)
    const parsed = secret(minSecretLength)(key)
    if (!parsed.ok) reader.fault(name, `${at}: the key ${parsed.text}`)
    const sameKeyAt = firstAt.get(key)
    if (sameKeyAt) reader.fault(name, `${at} has the same key as ${sameKeyAt}; give each key its own value`)
    else firstAt.set(key, at)
    keys.push({ name: owner, role: known, isTest, key })
  }
  const isLive = (owner: string) => keys.some((key) => key.name === owner && !key.isTest)
  for (const { name: owner, isTest } of keys)
    if (isTest && (isLive(owner) || apps?.some((app) => app.name === owner)))
      reader.fault(name, `gives the test key ${owner} the name of another sender; give it a name of its own`)
  return found && keys
}

export function callbackUrls(reader: Reader, apps: AppSecret[] | null, allowPrivate: boolean): Record<string, string> {
  const name = 'APP_CALLBACKS'
  const urls: Record<string, string> = {}
  for (const { key, value, at } of pairs(reader, name, 'name=https://…')) {
    const parsed = webUrl(value)
    const plain = parsed.ok && parsed.value.startsWith('http:')
    if (!parsed.ok) reader.fault(name, `${at} has a URL that ${parsed.text} (write a comma in it as %2C)`)
    if (plain && !allowPrivate)
      reader.fault(name, `${at} is plain http; give https, or set CALLBACKS_ALLOW_PRIVATE=true`)
    if (parsed.ok && hasUserOrFragment(parsed.value))
      reader.fault(name, `${at} has a user or a fragment; give only https://host/path?query`)
    if (Object.hasOwn(urls, key)) reader.fault(name, `${at} names ${key} again; give each app one URL`)
    const known = apps ? apps.some((app) => app.name === key) : key === 'demo'
    if (!known) reader.fault(name, `${at} names ${key}, which has no secret; add ${key}=whsec_… to APP_WEBHOOK_SECRETS`)
    if (parsed.ok) urls[key] = parsed.value
  }
  return urls
}

/**
 * Callbacks are authenticated by their signature. A password in the URL would be shown wherever notifications are
 * listed.
 */
function hasUserOrFragment(url: string): boolean {
  const { username, password, hash } = new URL(url)
  return username !== '' || password !== '' || hash !== ''
}
