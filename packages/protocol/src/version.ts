/** The wire contract's version, which must be equal on both sides; see `protocol-version` in errors.ts. */
export const PROTOCOL_VERSION = 1
/** The release of this package and of those published with it; `pnpm release` writes it. */
export const RELEASE = '0.1.0'
