// Recognises the keywords of text messages as people write them: STOP, START and HELP in many languages.
export const keywords = ['stop', 'start', 'help'] as const
export type Keyword = (typeof keywords)[number]

interface Words {
  stop: string
  start?: string
  /** Words that mean START only as the whole text: "yes please" may answer something else. */
  yes?: string
  help?: string
}

/** The words of the carriers, of the FCC's rule on revoking consent, and what people write instead. */
const english: Words = {
  stop: `STOP, STOPALL, STOP ALL, UNSUBSCRIBE, UNSUBSCRIBE ME, UN SUBSCRIBE, UNSUB, CANCEL, END, QUIT, REVOKE, OPTOUT, OPT OUT, OPT ME OUT, REMOVE,
    REMOVE ME, STOP IT, STOPIT, STOP SMS, STOP TEXTS, STOP TEXTING, STOP TEXTING ME, STOP MESSAGES, STOP MESSAGING ME, STOP SENDING,
    STOP SENDING TEXTS, STOP SENDING MESSAGES, STOP SENDING ME TEXTS, STOP SENDING ME MESSAGES, STOP CONTACTING ME, NO MORE TEXTS, NO MORE MESSAGES,
    DO NOT TEXT ME, DON'T TEXT ME, DONT TEXT ME, DO NOT CONTACT ME, DON'T CONTACT ME, DONT CONTACT ME, TAKE ME OFF THE LIST, TAKE ME OFF THIS LIST,
    TAKE ME OFF YOUR LIST, REMOVE ME FROM THE LIST, REMOVE ME FROM THIS LIST, REMOVE ME FROM YOUR LIST`,
  start: 'START, UNSTOP, OPTIN, OPT IN, OPT ME IN, SUBSCRIBE, RESUBSCRIBE, RESUME',
  yes: 'YES',
  help: 'HELP, HELP ME, INFO',
}
const spanish: Words = {
  stop: `ALTO, PARAR, PARE, BAJA, DAR DE BAJA, DARME DE BAJA, DARSE DE BAJA, CANCELAR, CANCELAR SUSCRIPCIÓN, DETENER, DETENGA, SALIR,
    TERMINAR, FIN, BASTA, NO MÁS, NO MÁS MENSAJES, DESUSCRIBIR, DESUSCRIBIRME`,
  start: 'INICIAR, INICIO, COMENZAR, EMPEZAR, ALTA, DARME DE ALTA, SUSCRIBIR, SUSCRIBIRME, REANUDAR, CONTINUAR',
  yes: 'SÍ',
  help: 'AYUDA, INFORMACIÓN',
}
const hindi: Words = {
  stop: `रोकें, रोको, रोक, रोकिए, रुकें, रुको, रुकिए, रोक दें, बंद, बंद करें, बंद करो, बंद कर दो, बंद कर दें, बन्द, बन्द करें, बन्द करो, रद्द, रद्द करें,
    संदेश बंद करें, मैसेज बंद करें, मैसेज बंद करो, मत भेजो, हटाएं, हटाओ, सदस्यता समाप्त करें, सदस्यता रद्द करें, स्टॉप, ऑप्ट आउट, अनसब्सक्राइब,
    BAND KARO, BAND KARE, BAND KAREN, ROKO, ROKEN, RUKO`,
  start: 'शुरू, शुरू करें, शुरू करो, शुरु, शुरु करें, फिर से शुरू करें, चालू, चालू करें, आरंभ, आरंभ करें, स्टार्ट, SHURU, SHURU KARO',
  yes: 'हाँ, हां, जी हाँ',
  help: 'मदद, मदद करें, सहायता, जानकारी, हेल्प',
}
/** The usual words of other countries in which one can rent a number that receives texts. */
const others: Words[] = [
  {
    stop: `ARRET, ARRETT, ARRÊTE, ARRÊTER, ARRÊTEZ, STOPPER, ANNULER, DÉSABONNER, ME DÉSABONNER, DÉSABONNEMENT, DÉSINSCRIRE, ME DÉSINSCRIRE,
      DÉSINSCRIPTION`,
    start: 'DÉMARRER, COMMENCER, REPRENDRE',
    yes: 'OUI',
    help: 'AIDE',
  },
  {
    stop: 'STOPP, STOPPEN, ENDE, ABMELDEN, ABMELDUNG, ABBESTELLEN, BEENDEN, AUFHÖREN, KÜNDIGEN',
    start: 'STARTEN, ANMELDEN',
    yes: 'JA',
    help: 'HILFE',
  },
  { stop: 'UITSCHRIJVEN, AFMELDEN, BEËINDIGEN', start: 'AANMELDEN', help: 'HULP' },
  {
    stop: 'STOPPA, SLUTT, AVSLUTA, AVREGISTRERA, AVSLUTT, AVMELD, MELD AV, STANS, AFMELD, FRAMELD',
    start: 'STARTA, TILMELD',
    help: 'HJÄLP, HJELP, HJÆLP',
  },
  { stop: 'LOPETA, SEIS', start: 'ALOITA', help: 'APUA' },
  { stop: 'SAIR, CANCELE, REMOVER, DESCADASTRAR, PARAR TUDO', start: 'COMEÇAR, VOLTAR', yes: 'SIM', help: 'AJUDA' },
  {
    stop: 'FERMA, FERMARE, FERMATI, ANNULLA, CANCELLAMI, DISISCRIVI, DISISCRIVIMI',
    start: 'INIZIA, RIPRENDI',
    help: 'AIUTO',
  },
  {
    stop: 'ZATRZYMAJ, REZYGNUJĘ, REZYGNACJA, WYPISZ, KONIEC, ANULUJ',
    start: 'ROZPOCZNIJ, WZNÓW',
    yes: 'TAK',
    help: 'POMOC',
  },
  { stop: 'ZRUŠIT, ODHLÁSIT, KONEC', start: 'ZAČÍT', help: 'NÁPOVĚDA' },
  { stop: 'DUR, DURDUR, İPTAL', start: 'BAŞLAT', yes: 'EVET', help: 'YARDIM' },
  { stop: 'СТОП, ОТПИСАТЬСЯ, ОТМЕНА', start: 'СТАРТ', help: 'ПОМОЩЬ' },
  { stop: 'ΣΤΟΠ, ΔΙΑΚΟΠΗ', start: 'ΕΝΑΡΞΗ', help: 'ΒΟΗΘΕΙΑ' },
  { stop: 'توقف, إيقاف, قف, إلغاء', start: 'ابدأ, بدء', help: 'مساعدة' },
  { stop: 'הסר, הפסק, עצור', start: 'התחל', help: 'עזרה' },
  {
    stop: '停止, 退订, 退訂, 取消, 取消订阅, 取消訂閱, TD, 配信停止, 解除, ストップ',
    start: '开始, 開始, 订阅, 訂閱, 再開',
    help: '帮助, 幫助, ヘルプ',
  },
  { stop: '수신거부, 수신 거부, 중지, 그만', start: '시작', help: '도움말' },
  {
    stop: 'BERHENTI, HENTI, TIGIL, HINTO, DỪNG, HỦY, TỪ CHỐI, หยุด, ยกเลิก',
    start: 'MULA, MULAI, BẮT ĐẦU, เริ่ม',
    help: 'BANTUAN, TULONG, TRỢ GIÚP, ช่วยเหลือ',
  },
]
const please = `PLEASE, PLS, PLZ, KINDLY, NOW, THANKS, THANK YOU, POR FAVOR, GRACIAS, YA, कृपया, प्लीज, धन्यवाद, MERCI, SVP, S IL VOUS PLAIT,
  BITTE, DANKE`

const languages = [english, spanish, hindi, ...others]
const known = new Map(
  keywords.flatMap((keyword) =>
    languages.flatMap((words) => listOf(words[keyword])).map((word) => [word, keyword] as const),
  ),
)
const wholeText = new Set(languages.flatMap(({ yes }) => listOf(yes)))
const politeness = listOf(please).join('|')
const aroundIt = new RegExp(`^(?:(?:${politeness}) )+|(?: (?:${politeness}))+$`, 'gu')
const maxLength = 160

/** What mail and message programs add below a text, as one line of at most six words after its beginning. */
const signature = new RegExp(
  `^[\\p{P}\\s]*(?:${[
    '(?:sent|written|typed) (?:from|via|with|using|on)',
    'get outlook for',
    'enviado (?:desde|con|do|pelo|a partir do)',
    'obt[eé]n outlook para',
    'envoy[eé] (?:de|depuis|avec|à partir de)',
    '(?:von|aus) meinem',
    'gesendet (?:von|mit|aus|über)',
    'diese nachricht wurde (?:von|mit)',
    'inviato (?:da|dal|con)',
  ].join('|')})(?: [^\\s.?!।]+){1,6}[.।]?$`,
  'iu',
)
const hindiSignature = /^(?:[^\s.?!।]+ ){1,6}(?:से|द्वारा) (?:भेजा|भेजी|प्रेषित)(?: गया| गई| हुआ)?(?: है)?[.।]?$/u

/** The keyword that a text consists of; null if it says anything else: "stop by the shop" is not an opt-out. */
export function keywordOf(text: string): Keyword | null {
  if (text.length > maxLength) return null
  const said = plain(withoutSignature(text))
  if (wholeText.has(said)) return 'start'
  return known.get(once(joined(said).replaceAll(aroundIt, ''))) ?? null
}

/** The first line of a text whose other lines are a phone's signature, below a line of dashes or not; else the text. */
function withoutSignature(text: string): string {
  const lines = text
    .normalize('NFKC')
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
  const [first = '', ...below] = lines.filter((line) => line !== '')
  const signed = below.filter((line) => !/^[-_–—]+$/.test(line))
  return signed.length > 0 && signed.every(isSignature) ? first : text
}

function isSignature(line: string): boolean {
  return signature.test(line) || hindiSignature.test(line)
}

/** In capitals, without accents, punctuation, emoji and marks that nobody sees; words are one space apart. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{Cf}|\p{Default_Ignorable_Code_Point}|[\u0300-\u036f]/gu, '')
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
}

/** "S T O P" is one word. */
function joined(text: string): string {
  return /^\p{Script=Latin}(?: \p{Script=Latin}){2,}$/u.test(text) ? text.replaceAll(' ', '') : text
}

/** "STOP STOP STOP" is one STOP. */
function once(text: string): string {
  const words = text.split(' ')
  return new Set(words).size === 1 ? (words[0] ?? '') : text
}

function listOf(words = ''): string[] {
  return words
    .split(',')
    .map(plain)
    .filter((word) => word !== '')
}
