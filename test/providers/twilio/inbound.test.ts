// Texts that people send: whose they are, and which of them is a keyword.
import { describe, expect, test } from 'vitest'
import { twilioInbound } from '../../../src/providers/twilio/inbound.ts'
import { callbackOf, twilioText } from '../../helper/receipts.ts'

const authToken = '12345678901234567890123456789012'
const reader = twilioInbound(authToken)
const MessageSid = 'SM00000000000000000000000000000007'
const From = '+15005550006'

function read(params: Record<string, string>, token = authToken) {
  return reader.read(callbackOf(twilioText({ MessageSid, From, ...params }, { authToken: token }), 0))
}

function keyword(params: Record<string, string>) {
  const answer = read(params)
  return answer.ok ? answer.text.keyword : answer
}

test('a text says who wrote it, and a repeat has the same key', () => {
  const text = { key: MessageSid, from: From, keyword: null }
  expect(read({ Body: 'Thank you' })).toEqual({ ok: true, text })
  expect(read({ Body: 'Thank you', More: 'x' })).toEqual({ ok: true, text })
})

test('a text that Twilio has not signed gets 401, and one without a sender 400', () => {
  expect(read({ Body: 'STOP' }, 'another')).toMatchObject({ ok: false, status: 401 })
  expect(read({ Body: 'STOP', From: '' })).toMatchObject({ ok: false, status: 400 })
  expect(read({ Body: 'STOP', MessageSid: '' })).toMatchObject({ ok: false, status: 400 })
})

describe('the keyword', () => {
  test.each([
    ['stop', ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'stop', ' Stop\n']],
    ['start', ['START', 'YES', 'UNSTOP', 'yes']],
    ['help', ['HELP', 'INFO', 'Help ']],
    ['stop', ['OPT OUT', 'Stop!', '“stop”', 'STOP\u200b', 'ALTO', 'बंद करें', 'please stop']],
    [null, ['stop by the shop', 'constructor', '', 'a b c']],
  ])('%s is meant by %o', (meant, bodies) => {
    expect(bodies.map((Body) => keyword({ Body }))).toEqual(bodies.map(() => meant))
  })

  test.each([
    ['STOP', 'arrêt', 'stop'],
    ['START', 'hola', 'start'],
    ['HELP', 'aide', 'help'],
    ['HELP', 'STOP', 'help'],
    ['OTHER', 'STOP', 'stop'],
    ['', 'STOP', 'stop'],
  ])('of OptOutType %o and the words %o is %s', (OptOutType, Body, meant) => {
    expect(keyword({ OptOutType, Body })).toBe(meant)
  })

  test('is that of one number, however it is written', () => {
    expect(read({ From: '+5213312345678', Body: 'STOP' })).toMatchObject({
      text: { from: '+523312345678', keyword: 'stop' },
    })
  })

  test.each(['12345', 'AcmeBank', 'whatsapp:+15005550006'])('is none where %s wrote', (from) => {
    expect(read({ From: from, Body: 'STOP' })).toMatchObject({ ok: true, text: { from, keyword: null } })
  })
})
