// Which bounces are a permanent fault of the mailbox itself.
import { describe, expect, it } from 'vitest'
import { type Bounce, type BounceClass, isMailboxFault } from '../../../src/providers/kit/mailbox-fault.ts'

const is = (text: string | null, more: Partial<Bounce> = {}) =>
  isMailboxFault({ vendorClass: 'unclear', texts: [text], ...more })
const classes: BounceClass[] = ['mailbox', 'permanent', 'unclear', 'other']

describe('an enhanced code that names a cause decides alone', () => {
  it.each([
    ...[
      '550 5.1.1 <[address]>: Recipient address rejected: User unknown in relay recipient table',
      '550-5.1.1 gone',
      '550 #5.1.1',
    ],
    ...[
      'smtp; 550 5.1.2 bad destination system',
      '501 5.1.3 bad syntax',
      '551 5.1.6 moved',
      '550 5.1.10 RESOLVER.ADR.RecipientNotFound',
    ],
    ...['553 (5.1.0) Address rejected', '550 5.1.1 blocked until it is verified'],
  ])('for the mailbox: %s', (text) => {
    expect(classes.map((vendorClass) => is(text, { vendorClass, status: '5.0.0' }))).toEqual([true, true, true, true])
  })

  it.each([
    ...[
      '550 5.7.1 no such user',
      '5.7.26 unauthenticated',
      '550-5.7.606 Access denied, banned sending IP',
      '552 5.2.2 user unknown',
    ],
    ...[
      '552 5.2.3 too large',
      '554 5.4.14 hop count exceeded',
      '550 5.4.1 Recipient address rejected: Access denied',
      '554 5.6.0 bad content',
    ],
    ...[
      '553 5.1.8 sender domain unknown',
      '550 5.1.7 invalid sender',
      '550 5.1.5 valid',
      '450 4.2.1 unknown user',
      '421 4.7.0 slow down',
    ],
    ...['550 5.1.1 unknown user, after 450 4.7.1 greylisted', '550 5.1.0 sender rejected'],
  ])('for something else: %s', (text) => {
    expect(classes.map((vendorClass) => is(text, { vendorClass, status: '5.0.0' }))).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  it('also in the vendor’s own field', () => {
    expect(is('Recipient refused', { status: '5.1.1' })).toBe(true)
    expect(is('no such user', { status: '5.7.1' })).toBe(false)
    expect(is('no such user', { status: '4.2.2', vendorClass: 'mailbox' })).toBe(false)
  })

  it('but no address of a server, date or version is one', () => {
    for (const text of [
      '550 no such user (5.7.1.9)',
      '550 no such user at 10.5.7.1',
      '550 no such user since 5.7.2026',
    ])
      expect(is(text)).toBe(true)
  })
})

describe('where the code names no cause', () => {
  it('the vendor’s class decides', () => {
    for (const text of ['550 5.5.0 mailbox unavailable', '550 refused', '554 5.0.0', null]) {
      expect(classes.map((vendorClass) => is(text, { vendorClass }))).toEqual([true, true, false, false])
      expect(is(text, { status: '5.0.0' })).toBe(false)
    }
  })

  it('a class that is final for any cause counts unless the words speak of another one', () => {
    for (const text of [
      '550 looks like spam',
      '550 blocked by our policy',
      '552 message too large',
      '550 your IP address is listed',
    ])
      expect(classes.map((vendorClass) => is(text, { vendorClass }))).toEqual([true, false, false, false])
  })

  it('a temporary reply is none, whatever its class', () => {
    expect(classes.map((vendorClass) => is('450 no such user yet', { vendorClass }))).toEqual([
      false,
      false,
      false,
      false,
    ])
  })
})

it.each(['mailbox is full', '552 Quota exceeded', 'insufficient storage', 'smtp; 550 over limit'])(
  'a full mailbox is none, whatever class the vendor gives it: %s',
  (text) => {
    expect(classes.map((vendorClass) => is(text, { vendorClass, status: '5.0.0' }))).toEqual([
      false,
      false,
      false,
      false,
    ])
  },
)

describe('the words alone', () => {
  it.each([
    ...[
      '550 unknown user',
      '550 User unknown',
      '550 No such user here',
      '550 Mailbox not found',
      '550 no mailbox here by that name',
    ],
    ...[
      '554 delivery error: dd This user doesn’t have a mail.example account',
      '550 The email account that you tried to reach does not exist.',
    ],
    ...[
      '550 5.2.1 The email account that you tried to reach is disabled',
      '554 delivery error: dd Sorry your message to ada@example.com cannot be delivered. This account has been disabled [#102].',
      '550 Invalid recipient',
      '550 Recipient not found',
      '550 Unrouteable address',
    ],
    ...[
      '550 5.5.0 Addressee unknown',
      '550 Account is inactive',
      'Not delivering to previously bounced address',
      'RecipientNotFound',
    ],
  ])('name a dead mailbox: %s', (text) => {
    expect(is(text)).toBe(true)
  })

  it.each([
    ...[
      '550 Requested action not taken: mailbox unavailable',
      '552 exceeded storage allocation',
      '552 Quota exceeded',
      '550 mailbox is full',
    ],
    ...[
      'unable to get mx info: lookup failed',
      '550 5.2.1 The user you are trying to contact is receiving mail too quickly',
      '554 Message not allowed',
    ],
    ...[
      '550 Rejected by content policy',
      '550 High probability of spam',
      '554 Your IP is on a blocklist',
      '550 DMARC check failed',
      '550 relaying denied',
    ],
    ...['550 user unknown to our anti-spam policy', '550 Administrative prohibition', '550 sender unknown', '', null],
  ])('name none: %s', (text) => {
    expect(is(text)).toBe(false)
  })
})
