// Under which conditions the figures were measured: machine, versions, commits, settings.
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { systemClock } from '../src/clock.ts'
import type { Options } from './options.ts'

const packages = ['pg-boss', 'pg', 'fastify', 'undici', 'react', '@react-email/render']

export async function factsOf({ server, size, rounds, ours, other }: Options) {
  const facts = {
    at: systemClock.now().toISOString(),
    commit: commitOf(ours.root),
    otherCommit: other && commitOf(other.root),
    size,
    rounds,
    node: process.versions.node,
    packages: await versionsOf(ours.root),
    postgres: server.facts,
    machine: {
      cores: os.availableParallelism(),
      cpu: os.cpus()[0]?.model.trim() ?? 'unknown',
      memoryGiB: Math.round(os.totalmem() / 2 ** 30),
      system: `${os.type()} ${os.release()}`,
      loadBefore: os.loadavg()[0] ?? 0,
    },
  }
  const { cores, cpu, memoryGiB, loadBefore } = facts.machine
  const list = (of: Record<string, string>) => Object.entries(of).map(([name, value]) => `${name} ${value}`)
  const lines = [
    `${facts.at}, commit ${facts.commit}${facts.otherCommit ? ` beside ${facts.otherCommit}` : ''}, ${size}, ${rounds} runs of each`,
    `${cores} cores (${cpu}), ${memoryGiB} GiB, load ${loadBefore.toFixed(1)} before; Node ${facts.node}; ${list(facts.packages).join(', ')}`,
    `Postgres: ${list(facts.postgres).join(', ')}`,
    'Load, stand-ins, service and Postgres are separate processes on the same cores; all traffic is on loopback.',
    'The service runs as npm start runs it, with default settings, except for rates and limits, which are set too high to matter.',
    'A figure is the median of its runs, which follow in brackets. Contenders run in turn, so ratios are between neighbours.',
  ]
  if (loadBefore > 0.5) lines.push('THE MACHINE WAS BUSY BEFORE: its figures are no evidence.')
  return { facts, lines }
}

function commitOf(root: string): string {
  try {
    const git = (...args: string[]) => execFileSync('git', ['-C', root, ...args], { encoding: 'utf8' }).trim()
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '-uno') ? ' with changes' : ''}`
  } catch {
    return 'unknown'
  }
}

async function versionsOf(root: string): Promise<Record<string, string>> {
  const installed = await Promise.all(
    packages.map(async (name) => {
      const text = await readFile(path.join(root, 'node_modules', name, 'package.json'), 'utf8')
      return [name, (JSON.parse(text) as { version: string }).version] as const
    }),
  )
  return Object.fromEntries(installed)
}
