// The settings of SendGrid and their checks.
import { createPublicKey, type KeyObject } from 'node:crypto'
import { optionalList, required, type Values, vendorAddress } from '../../settings/block.ts'
import type { Parsed } from '../../settings/reader.ts'
import { apiKey } from '../../settings/secrets.ts'
import { invalid, valid } from '../../settings/values.ts'

export const settings = {
  apiKey: required('SENDGRID_API_KEY', 'SendGrid’s API key', apiKey({ always: 'SG.' })),
  webhookKeys: optionalList(
    'SENDGRID_WEBHOOK_KEY',
    'SendGrid’s public key, verifies its receipts; old and new, comma separated, while it is replaced',
    p256Key,
  ),
  baseUrl: vendorAddress('SENDGRID_BASE_URL', 'SendGrid', 'https://api.sendgrid.com'),
}
export type SendgridSettings = Values<typeof settings>

/** SendGrid's verification key: the base64 of a P-256 public key. */
function p256Key(text: string): Parsed<KeyObject> {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' })
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return valid(key)
  } catch {
    // Not a public key.
  }
  return invalid('is not the base64 of a P-256 public key; copy the verification key from SendGrid')
}
