/** The OpenAPI document, made from the schemas that also validate. */
import type { FastifyInstance, RouteOptions } from 'fastify'
import type { OpenApiOptions } from './openapi-document.ts'

/** Registers the document; call it before the routes it describes. */
export function registerOpenApi(http: FastifyInstance, options: OpenApiOptions): void {
  const routes: RouteOptions[] = []
  http.addHook('onRoute', (route) => {
    routes.push(route)
  })
  let document: Promise<object> | undefined
  http.get('/openapi.json', { schema: { hide: true } }, () => {
    document ??= makeDocument(routes, options)
    return document
  })
}

/** Made when somebody asks: most servers are never asked, and the libraries take a while to load. */
async function makeDocument(routes: readonly RouteOptions[], options: OpenApiOptions): Promise<object> {
  const { openApiDocument } = await import('./openapi-document.ts')
  return openApiDocument(routes, options)
}
