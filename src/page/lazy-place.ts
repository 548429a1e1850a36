/** A component that is loaded when it is first shown. When it does not come, the error says so by the engine's name for it. */
import { HeadwaterError } from 'headwater'
import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

export function lazyPlace<Props extends object>(
  what: string,
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    try {
      return { default: await load() }
    } catch (cause) {
      throw new HeadwaterError('PART_UNAVAILABLE', `${what} could not be loaded.`, {
        hint: 'Look at the connection, then reload the page.',
        cause,
      })
    }
  })
}
