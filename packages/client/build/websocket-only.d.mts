/** @internal A vite plugin that keeps every transport but WebSocket out of the bundle's static part. */
export declare function websocketOnly(): {
  name: string
  enforce: 'pre'
  transform(code: string, id: string): { code: string; map: null } | undefined
  buildEnd(error?: Error): void
}
