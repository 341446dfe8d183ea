// What an event may bring as a link for a customer to follow.

/** No sign that is seen by nobody, and none that programs read in two ways, as browsers do a backslash. */
const linkPattern = /^https?:\/\/[^\s\\\p{Cc}\p{Cs}\p{Bidi_Control}]+$/iu

/** http or https, and without a user: what stands before an @ reads as the host that it is not. */
export function isLink(text: string): boolean {
  const url = linkPattern.test(text) ? URL.parse(text) : null
  return url !== null && url.username === '' && url.password === '' && !/^https?:\/+[^/?#]*@/i.test(text)
}
