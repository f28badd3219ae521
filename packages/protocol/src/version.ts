/** The wire contract's version. Client and server must agree on it exactly; see `protocol-version` in errors.ts. */
export const PROTOCOL_VERSION = 1
