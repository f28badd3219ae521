/** Security headers of a site that embeds the chat: what a host has to allow, and no more. */

/** The Content-Security-Policy: own files, and scripts, images and connections of the chat server. */
function contentSecurityPolicy(chatUrl: string): string {
  const chat = new URL(chatUrl)
  const socket = `${chat.protocol === 'https:' ? 'wss:' : 'ws:'}//${chat.host}`
  return [
    `default-src 'none'`,
    `script-src 'self' ${chat.origin}`,
    `connect-src 'self' ${chat.origin} ${socket}`,
    `style-src 'self'`,
    `img-src 'self' data: ${chat.origin}`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}

export function pageHeaders(chatUrl: string): Readonly<Record<string, string>> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(chatUrl),
    'referrer-policy': 'strict-origin-when-cross-origin',
    'x-content-type-options': 'nosniff',
    // The page shows the signed-in customer.
    'cache-control': 'no-store',
  }
}
