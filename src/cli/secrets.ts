// `posthorn secrets`: prints the secrets that were generated under DATA_DIR in place of settings.
import type { Config } from '../config/config.ts'
import { ensureSecrets } from '../config/secrets.ts'

export async function showSecrets(config: Config): Promise<void> {
  if (config.apiKeys && config.apps) {
    console.log('API_KEYS and APP_WEBHOOK_SECRETS are set, so nothing was generated.')
    return
  }
  const made = await ensureSecrets(config.dataDir)
  if (!config.apiKeys) console.log(`operator API key        ${made.apiKey}`)
  if (!config.apps) console.log(`webhook secret of demo  ${made.demoSecret}`)
}
