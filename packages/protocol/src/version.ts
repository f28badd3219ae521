/** The wire contract's version, which must be equal on both sides; see `protocol-version` in errors.ts. */
export const PROTOCOL_VERSION = 1
