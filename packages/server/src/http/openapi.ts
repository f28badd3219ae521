/** The OpenAPI document, made from the schemas that also validate. */
import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'

/** Registers the document; call it before the routes it describes. */
export async function registerOpenApi(
  http: FastifyInstance,
  { version, server }: { readonly version: string; readonly server: string | undefined },
): Promise<void> {
  await http.register(swagger, {
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
  http.get('/openapi.json', { schema: { hide: true } }, async () => http.swagger())
}
