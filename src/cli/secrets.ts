// `posthorn secrets`: prints the secrets that were generated under DATA_DIR in place of settings.
import type { Config } from '../config/config.ts'
import { ensureSecrets } from '../config/secrets.ts'

/** With `json`, what was not generated is null. */
export async function showSecrets(config: Config, { json }: { json?: boolean }): Promise<void> {
  const areSet = config.apiKeys && config.apps
  const made = areSet ? null : await ensureSecrets(config.dataDir)
  const apiKey = config.apiKeys ? null : (made?.apiKey ?? null)
  const demoSecret = config.apps ? null : (made?.demoSecret ?? null)
  if (json) return console.log(JSON.stringify({ apiKey, demoSecret }, null, 2))
  if (areSet) console.log('API_KEYS and APP_WEBHOOK_SECRETS are set, so nothing was generated.')
  if (apiKey) console.log(`operator API key        ${apiKey}`)
  if (demoSecret) console.log(`webhook secret of demo  ${demoSecret}`)
}
