/**
 * What every view definition is checked for where it is written: a name, a version, functions where functions belong.
 * Each refusal is `DEFINITION_INVALID` with a hint. What concerns several definitions at once is checked where they are
 * put together (`create-views.ts`, and `defineDatabase`).
 */
import { HeadwaterError } from '@headwater/log'

/** Refuses a definition; `message` is a clause without its full stop. */
export function refuseDefinition(message: string, hint: string): never {
  throw new HeadwaterError('DEFINITION_INVALID', `The definition is refused: ${message}.`, { hint })
}

/** Refuses a name that is empty or no text. */
export function checkName(what: string, name: string): void {
  if (typeof name !== 'string' || name === '')
    refuseDefinition(`a ${what} has no name`, 'Name it with a text.')
}

/** Refuses a version that is no whole number from 1 on; none at all stands for 1. */
export function checkVersion(what: string, version: number | undefined): void {
  if (version === undefined || (Number.isSafeInteger(version) && version >= 1)) return
  refuseDefinition(`${what} has version ${String(version)}`, 'Versions are whole numbers from 1 on.')
}

/** Refuses what is no function. */
export function checkFunction(what: string, given: unknown): void {
  if (typeof given !== 'function')
    refuseDefinition(`${what} is no function`, 'Give it a function of the row.')
}
