// The example for Kubernetes names settings, ports, paths and metrics that there are, and gives each process time to stop.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { settings } from '../../src/config/table.ts'
import { startWorld, testConfig, type World } from '../helper/world.ts'

const root = path.join(import.meta.dirname, '../..')

interface Container {
  env?: { name: string; value: string }[]
  ports?: { name: string; containerPort: number }[]
  readinessProbe?: { httpGet: { path: string; port: number } }
  livenessProbe?: { httpGet: { path: string; port: number } }
  lifecycle?: { preStop: { exec: { command: string[] } } }
  command?: string[]
  securityContext: object
}

interface Pod {
  metadata?: { labels: Record<string, string> }
  spec: { terminationGracePeriodSeconds?: number; containers: Container[] }
}

interface Manifest {
  kind: string
  metadata: { name: string }
  spec: {
    template?: Pod
    selector?: { matchLabels?: Record<string, string> }
    jobLabel?: string
    podMetricsEndpoints?: { port: string; path: string }[]
    scaleTargetRef?: { name: string }
    triggers?: { metadata: { query: string } }[]
  }
}

const manifests = parseAllDocuments(readFileSync(path.join(root, 'ops/kubernetes/posthorn.yaml'), 'utf8')).map(
  (document) => {
    expect(document.errors).toEqual([])
    return document.toJS() as Manifest
  },
)
const ofKind = (kind: string) => manifests.filter((one) => one.kind === kind)
const containers = manifests.flatMap(({ spec }) => spec.template?.spec.containers ?? [])
const deployments = ofKind('Deployment').map(({ metadata, spec }) => {
  const [container] = spec.template?.spec.containers ?? []
  if (!spec.template || !container) throw new Error(`${metadata.name} has no container`)
  const env = Object.fromEntries((container.env ?? []).map(({ name, value }) => [name, value]))
  return { name: metadata.name, pod: spec.template, container, env }
})

let world: World
let metrics: string
beforeAll(async () => {
  world = await startWorld()
  metrics = await (await fetch(`${world.url}/metrics`)).text()
})
afterAll(() => world.stop())

describe('the example for Kubernetes', () => {
  it('has an api and a worker, with settings that there are', () => {
    expect(deployments.map(({ env }) => env.POSTHORN_ROLES)).toEqual(['api', 'worker'])
    const named = containers.flatMap(({ env = [] }) => env.map(({ name }) => name))
    expect(named.filter((name) => !(name in settings))).toEqual([])
    for (const { env } of deployments) expect(() => testConfig(env)).not.toThrow()
  })

  it('asks paths that answer, at the port of the service', async () => {
    for (const { container } of deployments) {
      for (const probe of [container.readinessProbe, container.livenessProbe]) {
        expect((await fetch(world.url + probe?.httpGet.path)).status).toBe(200)
        expect(probe?.httpGet.port).toBe(testConfig({ PORT: '' }).port)
      }
      expect(container.readinessProbe?.httpGet.path).toBe('/readyz')
      expect(container.ports).toContainEqual({ name: 'http', containerPort: testConfig({ PORT: '' }).port })
    }
  })

  it('gives each process longer to stop than it takes', () => {
    for (const { name, pod, container, env } of deployments) {
      const waits = /setTimeout\(.*, (\d+)\)/.exec(container.lifecycle?.preStop.exec.command.join(' ') ?? '')?.[1] ?? 0
      const needs = testConfig(env).shutdownGraceMs + Number(waits)
      expect((pod.spec.terminationGracePeriodSeconds ?? 30) * 1000, name).toBeGreaterThan(needs)
    }
  })

  it('lets Prometheus scrape every pod, as the job that the alert rules name', () => {
    const [monitor] = ofKind('PodMonitor')
    const selected = Object.entries(monitor?.spec.selector?.matchLabels ?? {})
    expect(selected.length).toBeGreaterThan(0)
    expect(monitor?.spec.podMetricsEndpoints).toMatchObject([{ port: 'http', path: '/metrics' }])
    const job = /job="(\w+)"/.exec(readFileSync(path.join(root, 'ops/prometheus/posthorn-alerts.yml'), 'utf8'))?.[1]
    for (const { pod } of deployments) {
      expect(Object.entries(pod.metadata?.labels ?? {})).toEqual(expect.arrayContaining(selected))
      expect(pod.metadata?.labels[monitor?.spec.jobLabel ?? '']).toBe(job)
    }
  })

  it('scales the workers by a metric and a stage that there are', () => {
    const [scaled] = ofKind('ScaledObject')
    expect(deployments.map(({ name }) => name)).toContain(scaled?.spec.scaleTargetRef?.name)
    const query = scaled?.spec.triggers?.[0]?.metadata.query ?? ''
    const [, name, stage] = /(posthorn_\w+)\{stage!="(\w+)"\}/.exec(query) ?? []
    expect(metrics).toContain(`${name}{stage="${stage}"}`)
    expect(metrics).toContain(`${name}{stage="deliver"}`)
  })

  it('runs every container as nobody, on a read-only root and without capabilities', () => {
    expect(containers).toHaveLength(3)
    for (const { securityContext } of containers)
      expect(securityContext).toMatchObject({
        ...{ runAsNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
        capabilities: { drop: ['ALL'] },
      })
  })
})

it('the compose file names settings that there are, and gives each process longer to stop than it takes', () => {
  const [file] = parseAllDocuments(readFileSync(path.join(root, 'docker-compose.yml'), 'utf8'), { merge: true })
  const services: Record<string, { stop_grace_period?: string; environment?: Record<string, string> }> =
    file?.toJS().services ?? {}
  const ours = ['api', 'worker', 'migrate'].map((name) => services[name])
  for (const service of ours) {
    const named = Object.keys(service?.environment ?? {})
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((name) => !(name in settings) && name !== 'NODE_ENV')).toEqual([])
    const grace = testConfig({ POSTHORN_ROLES: service?.environment?.POSTHORN_ROLES ?? '' }).shutdownGraceMs
    expect(Number.parseInt(service?.stop_grace_period ?? '10', 10) * 1000).toBeGreaterThan(grace)
  }
})
