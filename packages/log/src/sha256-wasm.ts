/** SHA-256 in WebAssembly: a file of its own, loaded late, so that every bundler leaves the library's other hashes out. */
export { createSHA256 } from 'hash-wasm'
