/** Addresses of an app's resources, which the agent's cookie opens. */
import type { AppId } from '@chat-widget/protocol'

/** `path` as in the REST interface, such as `files/ID`. The console's own path is one folder below the server's. */
export const appAddress = (app: AppId, path: string): string =>
  new URL(`../v1/apps/${encodeURIComponent(app)}/${path}`, location.href).href
