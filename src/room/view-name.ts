/** The names of the tracker's views, told from any text, and what each is made of. */
import type { ViewNameOf } from 'headwater'
import { type Tracker, tracker } from '../model.ts'
import { parentsOf } from './parents.ts'

export type ViewName = ViewNameOf<Tracker>

export const isViewName = (name: string): name is ViewName => Object.hasOwn(tracker.views, name)

/** The names of the views that are derived from this one. */
export function childrenOf(name: string): readonly string[] {
  return Object.values(tracker.views)
    .filter((view) => parentsOf(view).includes(name))
    .map((view) => view.name)
}
