// What limits a fleet of workers in a simulation, in words.
import { idleShare, type Simulated } from './simulation.ts'
import { program } from './times.ts'

/** What is full is waited for most of the time. */
const isFull = (part: number) => part >= 0.9
/** What one Postgres is often allowed; a connection is a process with memory. */
const mostConnections = 1000
/** Idle workers that take more than this are named. */
const muchIdle = 0.2

const names: [name: keyof Simulated['full'], text: string][] = [
  ['postgres', 'Postgres’s cores'],
  ['log', 'the log'],
  ['provider', 'the provider’s row'],
  ['workers', 'the workers’ cores'],
]

export const connectionsOf = (workers: number) => workers * program.pools.all

export function limitsOf({ full }: Pick<Simulated, 'full'>, at: Parameters<typeof idleShare>[0]): string {
  const reached = names.filter(([name]) => isFull(full[name])).map(([, text]) => text)
  const idle = idleShare(at)
  const connections = connectionsOf(at.workers)
  return [
    ...(reached.length > 0 ? reached : ['the workers, which wait for the provider']),
    ...(idle > muchIdle ? [`idle workers take ${Math.round(idle * 100)} % of Postgres’s cores`] : []),
    ...(connections > mostConnections ? [`connections: ${connections.toLocaleString('en-US')} needed`] : []),
  ].join('; ')
}
