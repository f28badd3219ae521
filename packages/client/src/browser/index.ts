/** Browser interfaces that may be missing or refuse, for the elements of this chat. */
export * from './browser.ts'
export * from './plural-of.ts'
