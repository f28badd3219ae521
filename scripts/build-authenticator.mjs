/** Builds the approver's authenticator into packages/authenticator/dist. */
import { buildPage } from './build-page.mjs'

export const buildAuthenticator = () => buildPage('authenticator')
