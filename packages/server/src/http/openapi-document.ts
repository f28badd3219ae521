/** Makes the OpenAPI document of a list of routes. */
import swagger from '@fastify/swagger'
import fastify, { type RouteOptions } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { NO_COMPILERS, setCompilers } from './schema-compilers.ts'

export interface OpenApiOptions {
  readonly version: string
  /** Address at which others reach the server. */
  readonly server: string | undefined
}

export async function openApiDocument(
  routes: readonly RouteOptions[],
  { version, server }: OpenApiOptions,
): Promise<object> {
  // Describes the routes and answers nobody.
  const described = fastify({ exposeHeadRoutes: false, schemaController: NO_COMPILERS })
  setCompilers(described)
  await described.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Chat server',
        description: 'For operators and integrations. Visitors and agents are connected by Socket.IO.',
        version,
      },
      ...(server === undefined ? {} : { servers: [{ url: server }] }),
      components: {
        securitySchemes: {
          apiKey: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description: '`Token KEY`, with a key of the app; `chat-widget-server api-key` makes one',
          },
          creatorSecret: {
            type: 'apiKey',
            in: 'header',
            name: 'Authorization',
            description:
              '`Secret …`, with the header `authentication-request-secret` of the call that made the request',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
  })
  for (const { method, url, schema = {} } of routes)
    if (method !== 'HEAD') described.route({ method, url, schema, handler: async () => undefined })
  await described.ready()
  return described.swagger()
}
