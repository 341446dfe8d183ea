// The headers that a mail program's unsubscribe button needs (RFC 8058), as every email provider actually gets them.
import { describe, expect, it } from 'vitest'
import type { EmailMessage } from '../../src/domain/notification.ts'
import { unsubscribeTokens } from '../../src/privacy/unsubscribe-token.ts'
import { mailgun } from '../../src/providers/mailgun/index.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { resend } from '../../src/providers/resend/index.ts'
import { sendgrid } from '../../src/providers/sendgrid/index.ts'
import { smtp } from '../../src/providers/smtp/index.ts'
import { startSmtpVendor } from '../helper/smtp-vendor.ts'
import { accepting, startVendor, type Vendor } from '../helper/vendor.ts'
import { deps, emailMessage, options } from './conformance.ts'

// As long as a link may get: no provider's client may cut or fold it.
const token = unsubscribeTokens('a-secret-key-of-the-tests').seal({
  ...{ recipientId: 'i'.repeat(200), address: `${'a'.repeat(64)}@${'b'.repeat(185)}.com` },
  ...{ channel: 'email', category: 'product', locale: 'en-GB' },
})
const link = `<https://notify.example.com/unsubscribe/${token}>`
const message: EmailMessage = {
  ...emailMessage,
  headers: { 'List-Unsubscribe': link, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
}

async function sentBy(answer: keyof typeof accepting, make: (url: string) => Provider): Promise<Vendor['requests']> {
  const vendor = await startVendor(accepting[answer])
  const provider = make(vendor.url)
  expect(await provider.send(message, options())).toMatchObject({ kind: 'accepted' })
  await provider.close?.()
  await vendor.close()
  return vendor.requests
}

describe('both headers', () => {
  it('go through Resend', async () => {
    const config = { apiKey: 're_of_tests', webhookSecrets: null }
    const [request] = await sentBy('resend', (baseUrl) => resend.make({ ...config, baseUrl }, deps))
    expect(request?.json().headers).toEqual(message.headers)
  })

  it('go through SendGrid', async () => {
    const config = { apiKey: 'SG.of-tests', webhookKeys: null }
    const [request] = await sentBy('sendgrid', (baseUrl) => sendgrid.make({ ...config, baseUrl }, deps))
    expect(request?.json().headers).toMatchObject(message.headers)
  })

  it('go through Mailgun', async () => {
    const config = { apiKey: 'key', domain: 'mg.acme.example', signingKeys: null }
    const [request] = await sentBy('mailgun', (baseUrl) => mailgun.make({ ...config, baseUrl }, deps))
    expect(request?.form().getAll('h:List-Unsubscribe')).toEqual([link])
    expect(request?.form().getAll('h:List-Unsubscribe-Post')).toEqual(['List-Unsubscribe=One-Click'])
  })

  it('go through SMTP, the link in one piece on a line that servers take', async () => {
    const vendor = await startSmtpVendor()
    const provider = smtp.make({ url: vendor.url }, deps)
    expect(await provider.send(message, options())).toMatchObject({ kind: 'accepted' })
    await provider.close?.()
    await vendor.close()
    const head = vendor.messages[0]?.raw.split('\r\n\r\n', 1)[0] ?? ''
    for (const line of head.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998)
    const unfolded = head.replaceAll(/\r\n(?=[ \t])/g, '').split('\r\n')
    expect(unfolded).toContain(`List-Unsubscribe: ${link}`)
    expect(unfolded).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
  })
})
