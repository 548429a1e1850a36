// A worker that loads and never serves.
export {}
