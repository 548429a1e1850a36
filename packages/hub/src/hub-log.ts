/** What the hub's log is: any logger that takes fields and a sentence, as pino does. Payloads and tokens never get here. */

/** Writes one line. */
type Line = (fields: Readonly<Record<string, unknown>>, sentence: string) => void

/** A logger. */
export interface HubLog {
  readonly info: Line
  readonly warn: Line
  readonly error: Line
}

/** Says nothing. */
export const silentLog: HubLog = { info: () => undefined, warn: () => undefined, error: () => undefined }
