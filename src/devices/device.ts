/**
 * Which device this page is, and with whom it syncs, read from the address once. A device is a database of its own: the
 * first is the tracker itself, `?device=2` opens another beside it, in the same browser. Devices of one workspace sync
 * through the hub where the page's server has one (or through another port there, `?hub=8787`), else within the browser.
 * The workspace is that of `?workspace=team`, else a drawn one that this browser keeps. `?sync=off` syncs with nobody.
 */
import { hub, nearby, type SyncSpec } from 'headwater'

export interface Device {
  /** 1 is the tracker itself. */
  readonly number: number
  readonly workspace: string
  /** Whether the workspace is the one that this browser has drawn for itself. */
  readonly isDrawn: boolean
  /** What the devices of the workspace meet through. */
  readonly through: 'hub' | 'browser' | 'nothing'
  /** A hub at another port of this host. */
  readonly port: number | undefined
}

const KEPT_AT = 'headwater-workspace'
const DEVICES_AT_MOST = 99

export const device: Device = readDevice(new URL(location.href))

/**
 * Under which name a device stores its database. A log belongs to one workspace for good, so each workspace has databases
 * of its own: `tracker` and `tracker-2` for the drawn one, `tracker@team` and `tracker-2@team` for that of `?workspace=team`.
 */
export function databaseNameOf(name: string, { number, workspace, isDrawn }: Device): string {
  const own = number === 1 ? name : `${name}-${number}`
  return isDrawn ? own : `${own}@${workspace}`
}

/** Only hosts that serve the page: an address that somebody sends must not bring the data elsewhere. */
export function syncOf({ through, port, workspace }: Device): SyncSpec | undefined {
  switch (through) {
    case 'hub':
      return hub({ url: port === undefined ? hubOfServer() : `ws://${location.hostname}:${port}`, workspace })
    case 'browser':
      return nearby({ channel: `headwater-${workspace}` })
    case 'nothing':
      return undefined
  }
}

/** The address of another device of the same workspace. */
export function addressOf(number: number): string {
  const url = new URL(location.href)
  url.searchParams.set('workspace', device.workspace)
  url.searchParams.set('device', String(number))
  url.hash = '#/issues'
  return url.href
}

function readDevice({ searchParams }: URL): Device {
  const number = Math.floor(Number(searchParams.get('device') ?? 1))
  const port = Number(searchParams.get('hub'))
  const kept = keptWorkspace()
  const workspace = searchParams.get('workspace') ?? kept
  const hasHub = port > 0 || hubOfServer() !== ''
  return {
    number: number > 1 && number <= DEVICES_AT_MOST ? number : 1,
    workspace,
    isDrawn: workspace === kept,
    through: searchParams.get('sync') === 'off' ? 'nothing' : hasHub ? 'hub' : 'browser',
    port: port > 0 ? port : undefined,
  }
}

/** The server that has a hub says where, in the page. */
function hubOfServer(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="headwater-hub"]')?.content ?? ''
}

function keptWorkspace(): string {
  try {
    const kept = localStorage.getItem(KEPT_AT)
    if (kept !== null) return kept
    const drawn = crypto.randomUUID()
    localStorage.setItem(KEPT_AT, drawn)
    return drawn
  } catch {
    // A browser that keeps nothing has no second device to meet either.
    return crypto.randomUUID()
  }
}
