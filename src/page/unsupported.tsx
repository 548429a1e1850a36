/** What a browser gets that lacks what the demo stands on. */
import type { ReactNode } from 'react'
import { Mark } from './mark.tsx'

export function Unsupported({ missing }: { readonly missing: readonly string[] }): ReactNode {
  return (
    <main className="alone">
      <Mark />
      <h1>This browser cannot run the demo</h1>
      <p>Headwater keeps its log on this device and folds it in the background. For that it misses here:</p>
      <ul>
        {missing.map((power) => (
          <li key={power}>{power}</li>
        ))}
      </ul>
      <p>Any browser of the last three years has all of it, outside of some private windows.</p>
    </main>
  )
}
