/** For routes that take no body. */
import type { FastifyInstance } from 'fastify'

/**
 * Accepts a body of any type and reads none of it: programs send an empty one under whatever type their library likes, and
 * what the route does must not fail by that.
 */
export function ignoreBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', { parseAs: 'string' }, async () => undefined)
}
