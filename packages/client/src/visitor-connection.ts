/** The visitor's connection: by a socket of this tab's own, or by that of the tab that leads ([DL6]). */
import {
  type ServerToVisitorEvents,
  VISITOR_NAMESPACE,
  type VisitorHandshake,
  type VisitorToServerEvents,
} from '@chat-widget/protocol'
import { Connection } from './connection/connection.ts'
import { createLead, type Lead } from './tabs/lead.ts'
import type { LeadPorts } from './tabs/lead-ports.ts'
import { createTabs, type Tabs } from './tabs/tabs.ts'

export interface VisitorConnectionPorts extends Pick<LeadPorts, 'shown' | 'peek' | 'visitor'> {
  readonly app: string
  readonly server: string
  readonly handshake: () => Promise<VisitorHandshake>
}

export interface VisitorConnection {
  readonly tabs: Tabs
  readonly lead: Lead
  readonly connection: Connection<ServerToVisitorEvents, VisitorToServerEvents>
}

export function createVisitorConnection(ports: VisitorConnectionPorts): VisitorConnection {
  const { app, server, handshake, shown, peek } = ports
  const tabs = createTabs(`chat-widget:${app}@${server}`, () => lead.joined())
  const lead: Lead = createLead({
    tabs,
    connection: () => connection as ReturnType<LeadPorts['connection']>,
    shown,
    peek,
    visitor: ports.visitor,
  })
  const connection: VisitorConnection['connection'] = new Connection({
    server,
    namespace: VISITOR_NAMESPACE,
    handshake,
    tabs: lead,
  })
  return { tabs, lead, connection }
}
