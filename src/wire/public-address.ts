// Tells public IP addresses from private ones.
import { lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Not globally reachable by IANA's registries. Documentation addresses are omitted, since nothing answers there. */
const special4 = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  // Multicast, reserved and broadcast.
  ['224.0.0.0', 3],
] as const)
  special4.addSubnet(net, bits, 'ipv4')

const global6 = new BlockList()
global6.addSubnet('2000::', 3, 'ipv6')
const special6 = new BlockList()
for (const [net, bits] of [
  ['2001::', 23],
  ['2002::', 16],
] as const)
  special6.addSubnet(net, bits, 'ipv6')

/** IPv4 in IPv6: IPv4-mapped and NAT64 addresses. */
const within6 = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/

/** False if it is not an IP address. */
export function isPublic(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !special4.check(address, 'ipv4')
  if (family !== 6 || address.includes('%')) return false
  // The URL parser returns the canonical form.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = within6.exec(canonical) ?? []
  if (high && low) return !special4.check(dotted(high, low), 'ipv4')
  return global6.check(canonical, 'ipv6') && !special6.check(canonical, 'ipv6')
}

function dotted(high: string, low: string): string {
  return [high, low].flatMap((part) => [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255]).join('.')
}

/** True if the host is an IP address that is not public. It is never resolved, so `lookupPublic` does not see it. */
export function isPrivateHost({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '')
  return isIP(host) !== 0 && !isPublic(host)
}

export const privateAddress = {
  code: 'private_address',
  text: 'its address is private, and CALLBACKS_ALLOW_PRIVATE is not set',
}

/**
 * A `lookup` for connections that fails if any address of the name is not public. The addresses that were checked are those
 * that are used, so DNS rebinding has no effect.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    const [first] = found ?? []
    if (error || !first)
      return callback(error ?? failure({ code: 'ENOTFOUND', text: `${hostname} has no address` }), '')
    if (!found.every(({ address }) => isPublic(address))) return callback(failure(privateAddress), '')
    if (options.all) callback(null, found)
    else callback(null, first.address, first.family)
  })
}

function failure({ code, text }: { code: string; text: string }): NodeJS.ErrnoException {
  return Object.assign(new Error(text), { code })
}
