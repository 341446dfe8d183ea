// Checks links in events that customers are asked to follow.

/** No invisible characters, and no backslash, which browsers read as a slash. */
const linkPattern = /^https?:\/\/[^\s\\\p{Cc}\p{Cs}\p{Bidi_Control}]+$/iu

/** http or https, without a user, since people would read what is before the @ as the host. */
export function isLink(text: string): boolean {
  const url = linkPattern.test(text) ? URL.parse(text) : null
  return url !== null && url.username === '' && url.password === '' && !/^https?:\/+[^/?#]*@/i.test(text)
}

/** The same link in ASCII, which an SMS can carry without changing it: `/envío` is `/env%C3%ADo`. */
export function asciiLink(link: string): string {
  return /[`\P{ASCII}]/u.test(link) ? (URL.parse(link)?.href ?? link).replaceAll('`', '%60') : link
}
