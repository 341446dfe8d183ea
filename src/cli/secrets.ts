// `posthorn secrets`: prints the secrets that were generated under DATA_DIR in place of settings, and a sign-in link.
import { systemClock } from '../clock.ts'
import { accessOf } from '../config/access.ts'
import type { ApiKey, Config } from '../config/config.ts'
import { ensureSecrets } from '../config/secrets.ts'
import { signInToken } from '../wire/sign-in-link.ts'
import { urlOf } from './running.ts'

/** With `json`, what was not generated is null. */
export async function showSecrets(config: Config, { json }: { json?: boolean }): Promise<void> {
  const areSet = config.apiKeys && config.apps
  const made = areSet ? null : await ensureSecrets(config.dataDir)
  const apiKey = config.apiKeys ? null : (made?.apiKey ?? null)
  const demoSecret = config.apps ? null : (made?.demoSecret ?? null)
  const { apiKeys } = await accessOf({ ...config, roles: { ...config.roles, api: true } })
  const signInLink = linkOf(config, apiKeys)
  if (json) return console.log(JSON.stringify({ apiKey, demoSecret, signInLink }, null, 2))
  if (areSet) console.log('API_KEYS and APP_WEBHOOK_SECRETS are set, so nothing was generated.')
  if (apiKey) console.log(`operator API key        ${apiKey}`)
  if (demoSecret) console.log(`webhook secret of demo  ${demoSecret}`)
  if (signInLink) console.log(`dashboard, once         ${signInLink}`)
}

/** With the rights of the first operator key, else of the first viewer key; null where there is neither. */
function linkOf(config: Config, keys: ApiKey[]): string | null {
  const key = keys.find(({ role }) => role === 'operator') ?? keys.find(({ role }) => role === 'viewer')
  return key ? `${config.publicUrl ?? urlOf(config)}/dashboard/link?token=${signInToken(key, systemClock.now())}` : null
}
