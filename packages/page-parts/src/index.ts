/**
 * Parts shared by the pages that the server serves. The console is dense, the authenticator large; each adds its own
 * sizes.
 */
export { bannerLine, bannerStyles } from './banner.ts'
export { pageBase } from './base.styles.ts'
export { icons, outline } from './icons.ts'
