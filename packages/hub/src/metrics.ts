/** What the hub counts, for Prometheus. Names of workspaces, subjects and addresses are in no label. */
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** The hub's counters. */
export interface HubMetrics {
  readonly connectionsOpened: Counter
  /** Sessions that ended, by code. */
  readonly ended: Counter<'code'>
  /** Connections that were turned away before a session, by why. */
  readonly turnedAway: Counter<'reason'>
  /** Commits by what became of them: stored, held, refused. */
  readonly commits: Counter<'outcome'>
  /** Bytes of frames, by direction: in, out. */
  readonly bytes: Counter<'direction'>
  /** Seconds from a frame of commits to its durable outcomes. */
  readonly appendSeconds: Histogram
  /** How often a connection was read more slowly because it sent too many messages. */
  readonly slowed: Counter
  /** All of it as text. */
  text(): Promise<string>
}

/** What is looked at when the metrics are asked for. */
export interface Gauges {
  readonly connections: () => number
  readonly workspaces: () => number
  readonly queuedBytes: () => number
}

/** Counters in a registry of their own, so that several hubs may live in one process. */
export function createMetrics(gauges: Gauges): HubMetrics {
  const registry = new Registry()
  const registers = [registry]
  const named = (name: string, help: string) => ({ name: `headwater_hub_${name}`, help, registers })
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      ...named(name, help),
      collect() {
        this.set(read())
      },
    })
  gauge('connections', 'Connections that are open', gauges.connections)
  gauge('workspaces', 'Workspaces that somebody is connected to', gauges.workspaces)
  gauge('queued_bytes', 'Bytes of commits that wait for the disk', gauges.queuedBytes)
  gauge('resident_bytes', 'Memory of the process', () => process.memoryUsage.rss())
  return {
    connectionsOpened: new Counter(named('connections_total', 'Connections that were accepted')),
    ended: new Counter({ ...named('ended_total', 'Sessions that ended, by code'), labelNames: ['code'] }),
    turnedAway: new Counter({
      ...named('turned_away_total', 'Connections refused before a session, by reason'),
      labelNames: ['reason'],
    }),
    commits: new Counter({
      ...named('commits_total', 'Commits offered, by what became of them'),
      labelNames: ['outcome'],
    }),
    bytes: new Counter({
      ...named('bytes_total', 'Bytes of frames, by direction'),
      labelNames: ['direction'],
    }),
    appendSeconds: new Histogram({
      ...named('append_seconds', 'From a frame of commits to its durable outcomes'),
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    }),
    slowed: new Counter(named('slowed_total', 'Times a connection was read more slowly')),
    text: () => registry.metrics(),
  }
}
