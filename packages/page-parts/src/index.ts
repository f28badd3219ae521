/** What the pages that the server serves share: the console is dense, the authenticator large, and each adds its own. */
export { bannerLine, bannerStyles } from './banner.ts'
export { pageBase } from './base.styles.ts'
export { icons, outline } from './icons.ts'
