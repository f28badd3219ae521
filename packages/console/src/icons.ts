/** The console's icons: the shared ones and its own. */
import { outline, icons as pageIcons } from '@chat-widget/page-parts'

export const icons = {
  ...pageIcons,
  doubleCheck: outline('m1.5 8.5 3 3 5.5-7 M8.5 11.5l6-7'),
  person: outline(
    'M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8zM3 13.5c.6-2.3 2.5-3.5 5-3.5s4.4 1.2 5 3.5',
  ),
  bot: outline(
    'M8 4.5V2.25M4 4.5h8a1.5 1.5 0 0 1 1.5 1.5v5a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 11V6A1.5 1.5 0 0 1 4 4.5zM6 7.75v1M10 7.75v1',
  ),
  send: outline('M8 13V3M3.5 7.5 8 3l4.5 4.5'),
  login: outline('M9.5 2.5H12A1.5 1.5 0 0 1 13.5 4v8a1.5 1.5 0 0 1-1.5 1.5H9.5M2.5 8h7M7 5.5 9.5 8 7 10.5'),
  signOut: outline('M6.5 2.5H4A1.5 1.5 0 0 0 2.5 4v8A1.5 1.5 0 0 0 4 13.5h2.5M6.5 8h7M11 5.5 13.5 8 11 10.5'),
  inbox: outline(
    'M2.5 9.5 4.25 3.5h7.5l1.75 6v3a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1zM2.5 9.5h3.25a2.25 2.25 0 0 0 4.5 0h3.25',
  ),
  history: outline('M2.75 9.25a5.5 5.5 0 1 0 .9-4.4M2.75 2.5v3h3M8 5v3.25l2.25 1.25'),
  action: outline('M9 1.75 3.5 9H8l-1 5.25L12.5 7H8z'),
  hidden: outline(
    'M2.5 2.5l11 11M6.4 6.4a2.25 2.25 0 0 0 3.2 3.2M4.2 4.6C2.6 5.6 1.75 8 1.75 8S3.5 12.25 8 12.25c1.2 0 2.2-.3 3-.75M7 3.8c.3 0 .7-.05 1-.05 4.5 0 6.25 4.25 6.25 4.25s-.5 1.2-1.6 2.3',
  ),
  down: outline('M8 3v10M3.5 8.5 8 13l4.5-4.5'),
} as const
