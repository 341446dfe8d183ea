// Decides for every provider whether a bounce is a permanent fault of the mailbox itself, so that nobody should write there
// again. Policy, content, quota, reputation and our own address are not: the next message may arrive.

/**
 * What the vendor's own class of a bounce says. `mailbox`: it is the mailbox; `permanent`: it is final, for whatever cause;
 * `other`: it is something else; `unclear`: nothing.
 */
export type BounceClass = 'mailbox' | 'permanent' | 'other' | 'unclear'

export interface Bounce {
  vendorClass: BounceClass
  /** The vendor's field for the status code; often only `5.0.0`. */
  status?: string | null
  /** The words of the receiving server or the vendor. */
  texts: (string | null)[]
}

const enhanced = /(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?!\.?\d)/g
/** The reply code of RFC 5321 at the start of a text, or behind the type of a diagnostic code (RFC 3464). */
const reply = /^(?:[a-z]+;\s*)?([45]\d\d)(?![\d.])/i

/** The best evidence decides: an enhanced code that names a cause, then the vendor's class, then the words. */
export function isMailboxFault({ vendorClass, status, texts }: Bounce): boolean {
  const said = texts.filter((text) => text !== null).join('\n')
  const codes = [...said.matchAll(enhanced), ...(status ?? '').matchAll(enhanced)].map(([code]) => code)
  const specific = codes.filter((code) => !unspecific.test(code))
  if (specific.length > 0) return specific.every((code) => isMailboxCode(code, said))
  if (vendorClass === 'other' || texts.some((text) => reply.exec(text ?? '')?.[1]?.startsWith('4'))) return false
  if (vendorClass === 'mailbox') return !noRoom.test(said)
  return !notTheMailbox.test(said) && (vendorClass === 'permanent' || noSuchMailbox.test(said))
}

/** They leave the cause open: another or undefined status, an invalid command, a mailbox that takes no mail now or ever. */
const unspecific = /^5\.(?:[035]\.0|0\.\d+|2\.[01])$/

/** 5.1: the address. 5.1.5 says that it is valid; 5.1.7 and 5.1.8 concern the sender's, 5.1.9 the message. */
function isMailboxCode(code: string, said: string): boolean {
  return /^5\.1\.(?:[12346]|10)$/.test(code) || (code === '5.1.0' && !notTheMailbox.test(said))
}

/** Words for a full mailbox. */
const noRoom = /quota|full\b|over ?limit|storage|insufficient|out of space/i

/** Words for a policy, a filter, a limit, a full mailbox, or a fault of the sender or the network. */
const notTheMailbox = new RegExp(
  [
    'polic(?:y|ies)|spam|virus|malware|phish|content|block(?:ed|ing|list)|black ?list|deny ?list|banned|\\brbl\\b|dnsbl|barracuda|proofpoint',
    'reputation|prohibited|not (?:allowed|authori[sz]ed|permitted)|authenticat|dmarc|dkim|\\bspf\\b|sender|security|suspicious|restricted',
    'relay(?:ing)? (?:access )?(?:is )?(?:denied|not)|unable to relay|your (?:ip|server|domain|message(?! to\\b))|\\bip address|ptr record|reverse dns',
    `${noRoom.source}|too (?:large|big|many|much|quickly|fast)|size`,
    'rate limit|throttl|try (?:again )?later|temporar|timed? ?out|gr[ae]ylist|lookup failed|\\bmx\\b|connect|routing loop|access denied|administrative',
  ].join('|'),
  'i',
)

const who = '(?:user|recipient|mailbox|account|address|addressee|customer|alias|inbox|person)'
/** Words for a mailbox that does not exist or is closed for good, and a vendor's own list of such addresses. */
const noSuchMailbox = new RegExp(
  [
    `(?:no such|unknown|invalid|non-?existent|nonexistant|bad|not a (?:valid|known)|unrout(?:e)?able) (?:local |email |e-?mail |destination |virtual )?${who}`,
    `${who}[^.;\\n]{0,60}(?:unknown|not (?:be )?found|does ?n[o’']t exist|does not exist|doesn.t (?:exist|have)|no longer|not exist|is invalid|invalid|disabled|deactivated|inactive|closed|terminated|discontinued|not (?:a )?(?:valid|known))`,
    `(?:there is )?no (?:mailbox|mail ?box|one|user|account|recipient)s? (?:here|by that name|with that name|named|such)`,
    `(?:not|isn.t) (?:a )?(?:known|valid) (?:user|recipient|mailbox|address)`,
    'previously bounced|producing hard bounces|history of (?:hard )?bounc|suppression list|bounced address',
    'recipnotfound|recipientnotfound|nosuchuser|unknown[-_ ]?user|user[-_ ]?unknown|mailbox[-_ ]?not[-_ ]?found',
  ].join('|'),
  'i',
)
