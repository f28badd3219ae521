/** @internal Browser interfaces that may be missing or refuse, for the chat's elements. */
export * from './alerts.ts'
export { closeOnBack } from './back-button.ts'
export * from './browser.ts'
export * from './clipboard.ts'
export { timeZone } from './time-zone.ts'
export { watchViewport } from './viewport.ts'
export { takeLock } from './web-locks.ts'
