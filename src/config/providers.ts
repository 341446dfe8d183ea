// Each provider's block of settings: all of it or none of it. A block half given is a fault.
// routes.ts decides which of them are on.

import type { Reader } from '../settings/reader.ts'
import {
  baseUrl,
  domainName,
  fast2smsRoute,
  p256Key,
  rate,
  secret,
  smsSender,
  webhookSecret,
} from '../settings/values.ts'
import type { ProviderConfigs } from './config.ts'
import { flowIds } from './lists.ts'
import { smtpUrl } from './places.ts'
import type { SettingName } from './table.ts'

/** The contract's order of providers, which is the route where nothing is said. */
export const emailProviders = ['resend', 'sendgrid', 'mailgun', 'smtp'] as const
export const smsProviders = ['twilio', 'vonage', 'msg91', 'fast2sms'] as const
export type ProviderName = (typeof emailProviders)[number] | (typeof smsProviders)[number]

interface Block {
  title: string
  rate: number
  /** Without these the block is half given. */
  needed: SettingName[]
  /** These make no sense without the needed ones. A base URL alone is harmless, and so is a rate. */
  extra: SettingName[]
  harmless: SettingName[]
}

const blocks: Record<ProviderName, Block> = {
  resend: {
    title: 'Resend',
    rate: 10,
    needed: ['RESEND_API_KEY'],
    extra: ['RESEND_WEBHOOK_SECRET'],
    harmless: ['RESEND_BASE_URL'],
  },
  sendgrid: {
    title: 'SendGrid',
    rate: 50,
    needed: ['SENDGRID_API_KEY'],
    extra: ['SENDGRID_WEBHOOK_KEY'],
    harmless: ['SENDGRID_BASE_URL'],
  },
  mailgun: {
    title: 'Mailgun',
    rate: 50,
    needed: ['MAILGUN_API_KEY', 'MAILGUN_DOMAIN'],
    extra: ['MAILGUN_SIGNING_KEY'],
    harmless: ['MAILGUN_BASE_URL'],
  },
  smtp: { title: 'SMTP', rate: 10, needed: ['SMTP_URL'], extra: [], harmless: [] },
  twilio: {
    title: 'Twilio',
    rate: 10,
    needed: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
    extra: ['TWILIO_FROM', 'TWILIO_MESSAGING_SERVICE_SID'],
    harmless: ['TWILIO_BASE_URL'],
  },
  vonage: {
    title: 'Vonage',
    rate: 30,
    needed: ['VONAGE_API_KEY', 'VONAGE_API_SECRET', 'VONAGE_FROM'],
    extra: ['VONAGE_SIGNATURE_SECRET'],
    harmless: ['VONAGE_BASE_URL'],
  },
  msg91: {
    title: 'MSG91',
    rate: 50,
    needed: ['MSG91_AUTH_KEY', 'MSG91_FLOW_ID'],
    extra: ['MSG91_SENDER', 'MSG91_FLOWS', 'MSG91_RECEIPT_TOKEN'],
    harmless: ['MSG91_BASE_URL'],
  },
  fast2sms: {
    title: 'Fast2SMS',
    rate: 10,
    needed: ['FAST2SMS_API_KEY'],
    extra: ['FAST2SMS_SENDER', 'FAST2SMS_ROUTE', 'FAST2SMS_RECEIPT_TOKEN'],
    harmless: ['FAST2SMS_BASE_URL'],
  },
}

const names = [...emailProviders, ...smsProviders]

/** True where anything but a rate or a base URL was given: enough for a half-given block to be told, and for its provider to be meant. */
export function isBegun(reader: Reader, name: ProviderName): boolean {
  return [...blocks[name].needed, ...blocks[name].extra].some((setting) => reader.given(setting))
}

export function providerRates(reader: Reader): Record<string, number> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      reader.read(`${name.toUpperCase() as Uppercase<ProviderName>}_RATE`, rate) ?? blocks[name].rate,
    ]),
  )
}

/** Every provider's configuration, null where it is off. What is given is read either way, so that its faults are told. */
export function providerConfigs(reader: Reader): ProviderConfigs {
  for (const name of names) checkWhole(reader, name)
  const whole = <T>(name: ProviderName, config: T) =>
    blocks[name].needed.every((setting) => reader.text(setting) !== null) ? config : null
  const key = (setting: SettingName) => reader.read(setting, secret()) ?? ''
  const optional = (setting: SettingName) => reader.read(setting, secret())
  const base = (setting: SettingName, usual: string) => reader.read(setting, baseUrl) ?? usual

  return {
    resend: whole('resend', {
      apiKey: key('RESEND_API_KEY'),
      webhookSecret: reader.read('RESEND_WEBHOOK_SECRET', webhookSecret(1, 256)),
      baseUrl: base('RESEND_BASE_URL', 'https://api.resend.com'),
    }),
    sendgrid: whole('sendgrid', {
      apiKey: key('SENDGRID_API_KEY'),
      webhookKey: reader.read('SENDGRID_WEBHOOK_KEY', p256Key),
      baseUrl: base('SENDGRID_BASE_URL', 'https://api.sendgrid.com'),
    }),
    mailgun: whole('mailgun', {
      apiKey: key('MAILGUN_API_KEY'),
      domain: reader.read('MAILGUN_DOMAIN', domainName) ?? '',
      signingKey: optional('MAILGUN_SIGNING_KEY'),
      baseUrl: base('MAILGUN_BASE_URL', 'https://api.mailgun.net'),
    }),
    smtp: whole('smtp', { url: reader.read('SMTP_URL', smtpUrl) ?? '' }),
    twilio: whole('twilio', {
      accountSid: key('TWILIO_ACCOUNT_SID'),
      authToken: key('TWILIO_AUTH_TOKEN'),
      from: reader.read('TWILIO_FROM', smsSender),
      messagingServiceSid: optional('TWILIO_MESSAGING_SERVICE_SID'),
      baseUrl: base('TWILIO_BASE_URL', 'https://api.twilio.com'),
    }),
    vonage: whole('vonage', {
      apiKey: key('VONAGE_API_KEY'),
      apiSecret: key('VONAGE_API_SECRET'),
      from: reader.read('VONAGE_FROM', smsSender) ?? '',
      signatureSecret: optional('VONAGE_SIGNATURE_SECRET'),
      baseUrl: base('VONAGE_BASE_URL', 'https://rest.nexmo.com'),
    }),
    msg91: whole('msg91', {
      authKey: key('MSG91_AUTH_KEY'),
      sender: optional('MSG91_SENDER'),
      flowId: key('MSG91_FLOW_ID'),
      flows: flowIds(reader),
      receiptToken: optional('MSG91_RECEIPT_TOKEN'),
      baseUrl: base('MSG91_BASE_URL', 'https://control.msg91.com'),
    }),
    fast2sms: whole('fast2sms', {
      apiKey: key('FAST2SMS_API_KEY'),
      sender: optional('FAST2SMS_SENDER'),
      ...(reader.read('FAST2SMS_ROUTE', fast2smsRoute) ?? { route: 'q', messageId: null }),
      receiptToken: optional('FAST2SMS_RECEIPT_TOKEN'),
      baseUrl: base('FAST2SMS_BASE_URL', 'https://www.fast2sms.com'),
    }),
  }
}

function checkWhole(reader: Reader, name: ProviderName): void {
  const { title, needed } = blocks[name]
  if (!isBegun(reader, name)) return
  for (const setting of needed) {
    if (!reader.given(setting))
      reader.fault(
        setting,
        `is missing while other settings of ${title} are there; add it, or unset the others to leave ${title} off`,
      )
  }
  if (name === 'twilio' && !reader.given('TWILIO_FROM') && !reader.given('TWILIO_MESSAGING_SERVICE_SID')) {
    reader.fault(
      'TWILIO_FROM',
      'is missing; give a sender such as +14155550100, or TWILIO_MESSAGING_SERVICE_SID instead',
    )
  }
  if (name === 'fast2sms' && /^dlt/i.test(reader.text('FAST2SMS_ROUTE') ?? '') && !reader.given('FAST2SMS_SENDER'))
    reader.fault('FAST2SMS_SENDER', 'is missing, and the DLT routes need one; give the sender id that DLT approved')
}
