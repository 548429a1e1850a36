/**
 * When a view's base is to be stored. The log is the write-ahead log, so a checkpoint only saves folding at the next
 * opening: it is due when that would cost about 30 ms and nothing is being folded just now, or after some quiet, and never
 * takes more than a quarter of the time. While one event follows another it would be in the way of all of them, and a few
 * changes all over a table cost far more to store than to fold again: then it is due at a quarter of a second. An overlay
 * past its bound is stored by any tab, since it is memory. Pure: time and figures are inputs.
 */

/** What is known of one view. */
export interface CheckpointFigures {
  /** Milliseconds of folding since its last checkpoint. */
  readonly tailMs: number
  /** Offsets folded since its last checkpoint. */
  readonly tailEvents: number
  readonly overlayBytes: number
  /** Milliseconds since it last moved. */
  readonly quietMs: number
  /** Whether it moved after the last checkpoint was begun. */
  readonly hasMoved: boolean
  /** How long the last checkpoint took, and how long ago it ended. */
  readonly lastTookMs: number
  readonly sinceLastMs: number
}

/** Bounds. */
export interface CheckpointBounds {
  readonly overlayBytes: number
  readonly quietMs: number
}

const TAIL_MS = 30
/** Without a fold for this long nobody appends one event after another. */
const PAUSE_MS = 50
/** The longest tail, however busy it is. */
const BUSY_TAIL_MS = 250
/** A checkpoint that took t is followed by a pause of 3 t: a quarter of the time at most. */
const PAUSE_FACTOR = 3

/** Whether to store the base now. */
export function isCheckpointDue(
  figures: CheckpointFigures,
  bounds: CheckpointBounds,
  leads: boolean,
): boolean {
  if (figures.sinceLastMs < figures.lastTookMs * PAUSE_FACTOR) return false
  if (figures.overlayBytes > bounds.overlayBytes) return true
  if (!leads || !figures.hasMoved || figures.tailEvents <= 0) return false
  const tailMs = figures.quietMs >= PAUSE_MS ? TAIL_MS : BUSY_TAIL_MS
  return figures.tailMs >= tailMs || figures.quietMs >= bounds.quietMs
}
