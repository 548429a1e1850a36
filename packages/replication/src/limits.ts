/**
 * Every bound of the protocol, with its unit. What lies above one is refused by name, at the place that the comment says;
 * PROTOCOL.md lists them again with their reasons.
 */
import type { Limits } from './messages.ts'

/** Protocol versions that this build speaks. Above or below: `VERSION_UNSUPPORTED`. */
export const VERSIONS: readonly [min: number, max: number] = [1, 1]

/** Bytes of a frame (`FRAME_TOO_LARGE`): a commit of 1 MiB, its envelope, and room. */
export const MAX_FRAME_BYTES = 1_572_864
/** Bytes of `commits` frames on their way (`WINDOW_EXCEEDED`). */
export const WINDOW_BYTES = 4_194_304
/** The least window and frame that a side may offer (`FRAME_INVALID`): one commit must fit. */
export const MIN_FRAME_BYTES = 1_060_864
/** What a session takes in when nothing else is said. */
export const DEFAULT_LIMITS: Limits = { frameBytes: MAX_FRAME_BYTES, windowBytes: WINDOW_BYTES }

/** Replicas in a vector (`VECTOR_TOO_LARGE`), and in one part of it (`FRAME_INVALID`). */
export const MAX_VECTOR_ENTRIES = 10_000
export const MAX_VECTOR_PART_ENTRIES = 2_000
/** Entries of a base vector in a hello (`FRAME_INVALID`). */
export const MAX_BASE_ENTRIES = 1_000
/** Sequences in a probe (`FRAME_INVALID`). */
export const MAX_PROBE_SEQUENCES = 64
/** Commits in a frame (`FRAME_INVALID`). */
export const MAX_FRAME_COMMITS = 8_192
/** Features in a hello (`FRAME_INVALID`). */
export const MAX_FEATURES = 32

/** Bytes of UTF-8, each `FRAME_INVALID` above. */
export const MAX_FEATURE_BYTES = 64
export const MAX_WORKSPACE_BYTES = 256
export const MAX_TOKEN_BYTES = 16_384
export const MAX_CODE_BYTES = 64
export const MAX_SENTENCE_BYTES = 1_024
export const MAX_FACTS_BYTES = 1_024

/** Bytes, each `FRAME_INVALID` above. */
export const MAX_ENVELOPE_BYTES = 4_096
export const MAX_MARK_BYTES = 64
export const MAX_PRESENCE_BYTES = 4_096

/** Bytes of commits that are read from a source at a time, but always one commit. */
export const BATCH_BYTES = 262_144
