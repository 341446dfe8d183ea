// The setting of SMTP and its check.
import { required, type Values } from '../../settings/block.ts'
import type { Parsed } from '../../settings/reader.ts'
import { address, invalid, valid } from '../../settings/values.ts'

export const settings = {
  url: required('SMTP_URL', 'smtp:// or smtps:// with user and password; TLS certificates are verified', smtpUrl),
}
export type SmtpSettings = Values<typeof settings>

/** The user and the password are percent-encoded. */
function smtpUrl(text: string): Parsed<string> {
  const parsed = address(text, ['smtp:', 'smtps:'], 'smtp://user:password@mail.example.com:587')
  if (!parsed.ok) return parsed
  try {
    decodeURIComponent(`${parsed.value.username}:${parsed.value.password}`)
    return valid(text)
  } catch {
    return invalid('has an invalid percent-encoding in the user or password; write % as %25')
  }
}
