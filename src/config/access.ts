// Who may call: the configured apps and keys, else generated ones.
import type { AppSecret } from '../wire/standard-webhook.ts'
import type { ApiKey, Config } from './config.ts'
import { ensureSecrets } from './secrets.ts'

/** The apps' webhook secrets and the API keys: as configured, else generated under DATA_DIR. */
export async function accessOf(config: Config): Promise<{ apps: AppSecret[]; apiKeys: ApiKey[] }> {
  const { apps, apiKeys } = config
  const signsForDemo = !apps && 'demo' in config.callbacks.urls
  if ((apps && apiKeys) || !(config.roles.api || signsForDemo)) return { apps: apps ?? [], apiKeys: apiKeys ?? [] }
  const generated = await ensureSecrets(config.dataDir)
  return {
    apps: apps ?? [{ name: 'demo', secret: generated.demoSecret }],
    apiKeys: apiKeys ?? [{ name: 'generated', role: 'operator', isTest: false, key: generated.apiKey }],
  }
}
