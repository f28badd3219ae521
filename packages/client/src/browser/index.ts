/** @internal Browser interfaces that may be missing or refuse, for the chat's elements. */
export * from './browser.ts'
