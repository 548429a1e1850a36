/** Any thrown value as what `Fault` shows. */
import { type ErrorData, isHeadwaterError } from 'headwater'

export type FaultText = Pick<ErrorData, 'code' | 'message' | 'hint'>

export function faultOf(error: unknown): FaultText {
  if (isHeadwaterError(error)) return error
  return {
    code: 'INTERNAL',
    message: error instanceof Error ? error.message : String(error),
    hint: 'This is a bug of the page. A reload helps for the moment.',
  }
}
