/** The machine room: the dataflow in front, and behind it a place for each view, the log, events, replicas and storage. */
import '../style/machine.css'
import type { ReactNode } from 'react'
import { hrefOf, useRoute } from '../route.ts'
import { Front } from './front.tsx'
import { EventPage } from './log/event-page.tsx'
import { LogPage } from './log/log-page.tsx'
import { ReadsPage } from './reads-page.tsx'
import { ReplicasPage } from './replicas/replicas-page.tsx'
import { StoragePage } from './storage/storage-page.tsx'
import { ViewPage } from './view/view-page.tsx'

const PLACES = [
  ['', 'Dataflow'],
  ['log', 'Log'],
  ['replicas', 'Replicas'],
  ['storage', 'Storage'],
] as const

/** Where one is, in the terms of the places above. */
const ABOVE: Readonly<Record<string, string>> = { view: '', reads: '', event: 'log' }

export function RoomPage(): ReactNode {
  const [place = '', name = ''] = useRoute().within
  return (
    <div className="engine">
      <h1 className="sr-only">Machine room</h1>
      <nav className="room-nav" aria-label="Machine room">
        {PLACES.map(([to, label]) => (
          <a
            key={to}
            href={hrefOf({ page: 'room', within: to === '' ? [] : [to] })}
            aria-current={(ABOVE[place] ?? place) === to ? 'page' : undefined}
          >
            {label}
          </a>
        ))}
      </nav>
      <Place place={place} name={name} />
    </div>
  )
}

function Place({ place, name }: { readonly place: string; readonly name: string }): ReactNode {
  switch (place) {
    case 'view':
      return <ViewPage key={name} name={name} />
    case 'log':
      return <LogPage />
    case 'event':
      return <EventPage key={name} offset={Number(name)} />
    case 'reads':
      return <ReadsPage />
    case 'replicas':
      return <ReplicasPage />
    case 'storage':
      return <StoragePage />
    default:
      return <Front />
  }
}
