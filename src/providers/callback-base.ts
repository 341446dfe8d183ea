// Whether a vendor can call us back at all. Sending a vendor a URL that it cannot reach gets the
// message refused (Twilio) or fills its error log, so only a public https address goes out.
import { BlockList, isIP } from 'node:net'

const notPublic = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  notPublic.addSubnet(net, bits, 'ipv4')
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  notPublic.addSubnet(net, bits, 'ipv6')

const privateSuffix = /\.(localhost|local|internal|lan|home\.arpa)$/

/** The base for callback URLs, without a slash at its end; null where no vendor could reach it. */
export function callbackBase(publicUrl: string | null): string | null {
  if (!publicUrl || !URL.canParse(publicUrl)) return null
  const url = new URL(publicUrl)
  if (url.protocol !== 'https:' || url.username || url.password || url.search || url.hash) return null
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const family = isIP(host)
  if (family !== 0 && notPublic.check(host, family === 4 ? 'ipv4' : 'ipv6')) return null
  // Twilio refuses underscores in the host's name.
  if (family === 0 && (!host.includes('.') || host.includes('_') || privateSuffix.test(host))) return null
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}
