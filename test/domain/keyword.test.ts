// Which texts are a STOP, a START or a HELP.
import { expect, it } from 'vitest'
import { keywordOf } from '../../src/domain/keyword.ts'

it.each([
  [
    'stop',
    [
      'STOP',
      'Stop.',
      'stop!!',
      '«STOP»',
      '“stop”',
      "'Stop'",
      '(stop)',
      '*STOP*',
      'S\u200bTO\u200dP\ufeff',
      '\u2068stop\u2069',
      'ＳＴＯＰ',
    ],
  ],
  [
    'stop',
    ['S T O P', 's.t.o.p.', 'stop ✋\ufe0f', 'stop\ufe0f', 'un-subscribe', 'unsub', 'Désinscription', 'Stoppa', 'Ende'],
  ],
  [
    'stop',
    [
      'stop \u{1f6d1}',
      'STOP\u00a0',
      'stop\nSTOP',
      'Stop please',
      'please stop',
      'Kindly stop now.',
      'STOP, thank you',
      'stop pls!',
    ],
  ],
  [
    'stop',
    [
      'Opt out',
      'OPT-OUT',
      'opt_out',
      'OptOut',
      'opt me out',
      'STOP ALL',
      'stop-all',
      'Unsubscribe me',
      'remove me please',
    ],
  ],
  ['stop', ['unsubscribe', 'Cancel', 'END', 'quit.', 'Revoke', 'stop texting me', 'Stop sending messages']],
  [
    'stop',
    [
      'alto',
      '¡Alto!',
      'BAJA',
      'darme de baja',
      'Cancelar suscripción',
      'cancelar suscripcion',
      'No más mensajes',
      'parar por favor',
    ],
  ],
  ['stop', ['बंद करें', 'रोकें।', '“रोको”', 'बन्द करो', 'कृपया बंद करें', 'स्टॉप', 'band karo']],
  [
    'stop',
    [
      'arrêt',
      'ARRET',
      'Arrêter svp',
      'STOPP',
      'Abmelden bitte',
      'AFMELD',
      'parar',
      'sair',
      'ANNULLA',
      'iptal',
      'İptal',
    ],
  ],
  ['stop', ['rezygnuję', 'отписаться', 'стоп', '退订', '退订。', '停止', '수신거부', 'إيقاف', 'dừng', 'หยุด']],
  [
    'start',
    ['START', 'start.', '"Start"', 'START\u200b', 'unstop!', 'opt in', 'OPT-IN', 'Yes', 'YES.', 'start please'],
  ],
  ['start', ['Sí', 'iniciar', 'SUSCRIBIRME', 'शुरू करें', 'हाँ', 'Oui', 'starten']],
  ['help', ['Help!', 'HELP?', 'info', 'ayuda', '¿Ayuda?', 'मदद', 'Aide', 'hilfe']],
  [
    null,
    [
      'stop by the shop',
      'Don’t stop',
      'stop sign',
      'the end',
      'cancel my order',
      'yes please',
      'yes, thank you',
      'yesterday',
      'a b c',
    ],
  ],
  [
    null,
    [
      '',
      ' ',
      '\u200b',
      '!',
      'please',
      'thanks',
      'ok',
      'constructor',
      '__proto__',
      'bandana',
      'stop '.repeat(100),
      'parada',
    ],
  ],
])('%s: %j', (keyword, texts) => {
  expect(texts.map((text) => [text, keywordOf(text)])).toEqual(texts.map((text) => [text, keyword]))
})
