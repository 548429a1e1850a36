/**
 * Every bound of the protocol, with its unit; those of a commit and of its envelope are the log's. What lies above one is
 * refused by name, at the place that the comment says; PROTOCOL.md lists them again with their reasons.
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
export const MAX_MARK_BYTES = 64
export const MAX_PRESENCE_BYTES = 4_096

/** Bytes of commits that are read from a source at a time, but always one commit. */
export const BATCH_BYTES = 262_144

/** Frames on their way that are not acknowledged (`WINDOW_EXCEEDED`). */
export const MAX_UNACKED_FRAMES = 256

/** Milliseconds of silence after which a side asks (`ping`), and after which it ends (`PEER_SILENT`). */
export const PING_MS = 10_000
export const SILENCE_MS = 30_000
/** The other's hello is due within this of the connection, its vector within that of its hello (`PEER_SILENT`). */
export const HELLO_MS = 5_000
export const COMPARE_MS = 60_000
/** A tick counts as at most this long: a device that slept must not take its own sleep for the peer's silence. */
export const MAX_TICK_MS = 15_000
/** How often a session is told of the time. */
export const TICK_MS = 1_000
/** Presence messages a tick, each way; what is above is dropped. A hub sends on those of many tabs. */
export const PRESENCE_PER_TICK = 10
export const PRESENCE_FROM_HUB_PER_TICK = 1_000
/** Probes that wait for their answer (`RATE_LIMITED`). */
export const MAX_WAITING_PROBES = 4
/** Between peers, the most by which two clocks may differ (`CLOCKS_DISAGREE`). */
export const MAX_PEER_DRIFT_MS = 86_400_000
