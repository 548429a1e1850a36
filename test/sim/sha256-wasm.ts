// What stands for `sha256-wasm.ts` in the simulator's bundle: to compile takes real time, of which there is none here, and so much
// that a world would go another way. Digests are the same without it.

export const createSHA256 = (): Promise<never> => Promise.reject(new Error('it would take real time'))
