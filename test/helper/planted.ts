// Addresses of many forms, their spellings and encodings, and a search for any of these in a text.

/** An email and a phone number. A mask must hide the local part and `national`, the number without its country's code. */
export interface Planted {
  email: string
  phone: string
  national: string
}

export const planted: Planted[] = [
  { email: 'ada.planted@example.com', phone: '+14155550123', national: '4155550123' },
  { email: "o'brien+tag@sub.example.org", phone: '+442079460958', national: '2079460958' },
  { email: 'x_y/z=q?w&v@xn--bcher-kva.example', phone: '+919876543210', national: '9876543210' },
  { email: '4155550177@sms.example.net', phone: '+4721234567', national: '21234567' },
]

/** Every spelling of an address that the tests try. */
export function spellings({ email, phone, national }: Planted): string[] {
  const [local = '', domain = ''] = email.split('@')
  const digits = phone.slice(1)
  const written = [
    email,
    email.toUpperCase(),
    `mailto:${email}`,
    `bounce+${local}=${domain}@lists.example`,
    `bounce-${local}=${domain}`,
    `${local} (at) ${domain}`,
    `"${local}"@${domain}`,
    `Ada <${email}>`,
    email.replace('xn--bcher-kva', 'bücher'),
    email.replace('@', '\uff20'),
    phone,
    digits,
    national,
    `0${national}`,
    `00${digits}`,
    `${national.slice(0, 3)}-${national.slice(3, 6)}-${national.slice(6)}`,
    `(${national.slice(0, 3)}) ${national.slice(3)}`,
    `tel:${national}`,
    `x${national}y`,
    [...national].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join(''),
    email.replace('@', '\\@'),
    email.replace('@', '%40').replace('xn--bcher-kva', 'b%FCcher'),
    email.replace('@', '&commat;').replace('xn--bcher-kva', 'b&uuml;cher'),
  ]
  return written.flatMap((text) => [text, ...encodings(text)])
}

function encodings(text: string): string[] {
  const bytes = Buffer.from(text)
  const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  return [
    encodeURIComponent(text),
    encodeURIComponent(encodeURIComponent(text)),
    percent,
    [...text].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    [...text].map((sign) => `&#${sign.charCodeAt(0)};`).join(''),
    [...text].map((sign) => `&#x${sign.charCodeAt(0).toString(16)};`).join(''),
    text.replaceAll('@', '&commat;').replaceAll('+', '&plus;'),
    [...bytes].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
    JSON.stringify(JSON.stringify({ to: text })),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    Buffer.from(`{"to":"${text}"}`).toString('base64'),
    `a${bytes.toString('base64')}`,
    bytes.toString('hex'),
  ]
}

/** The hidden parts that a text reveals once its encodings are undone, repeatedly, until nothing changes. */
export function leaks(text: string, addresses: Planted[] = planted): string[] {
  const read = readings(text)
  const words = read.map((one) => one.toLowerCase())
  const numbers = read.map((one) => one.replace(/[\s().+_/-]/g, ''))
  return addresses.flatMap(({ email, national }) => {
    const local = email.slice(0, email.indexOf('@')).toLowerCase()
    const hidden = [`${local}@`, `${local}=`, `${local} (at)`, `${local}"@`]
    const inWords = hidden.filter((part) => words.some((one) => one.includes(part)))
    return numbers.some((one) => one.includes(national)) ? [...inWords, national] : inWords
  })
}

function readings(text: string): string[] {
  const seen = new Set<string>()
  let fresh = [text]
  for (let depth = 0; depth < 6 && fresh.length > 0; depth++) {
    for (const one of fresh) seen.add(one)
    fresh = [...new Set(fresh.flatMap(undone))].filter((one) => !seen.has(one))
  }
  return [...seen]
}

function undone(text: string): string[] {
  const packed = text.match(/[A-Za-z0-9+/_-]{10,}/g) ?? []
  return [decoded(text), ...packed.flatMap(unpacked)]
}

/** The text with one layer of every encoding of single signs undone. */
function decoded(text: string): string {
  const fromHex = (hex: string) => Buffer.from(hex, 'hex').toString()
  const fromCode = (code: number) => String.fromCharCode(code)
  return text
    .normalize('NFKC')
    .replace(/(?:%[0-9a-f]{2})+/gi, (found) => fromHex(found.replaceAll('%', '')))
    .replace(/(?:=[0-9A-F]{2})+/g, (found) => fromHex(found.replaceAll('=', '')))
    .replace(/\\(?:u([0-9a-f]{4})|(["\\/]))/gi, (_found, hex, sign) => sign ?? fromCode(Number.parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_found, code) => fromCode(Number(code)))
    .replace(/&#x([0-9a-f]+);/gi, (_found, code) => fromCode(Number.parseInt(code, 16)))
    .replaceAll('&commat;', '@')
    .replaceAll('&plus;', '+')
}

/** What can be read in these signs as base64 or hex: bytes that are no text cannot hold an address. */
function unpacked(packed: string): string[] {
  const inBase64 = [0, 1, 2, 3].map((shift) => Buffer.from(packed.slice(shift), 'base64'))
  const decoded = [...inBase64, Buffer.from(packed, 'hex')]
  return decoded.flatMap((bytes) => bytes.toString('latin1').match(/[\x20-\x7e]{8,}/g) ?? [])
}
