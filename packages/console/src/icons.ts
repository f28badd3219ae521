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
  transcript: outline('M3.5 1.75h9v12.5h-9zM6 5h4M6 7.75h4M6 10.5h2.25'),
  action: outline('M9 1.75 3.5 9H8l-1 5.25L12.5 7H8z'),
  hidden: outline(
    'M2.5 2.5l11 11M6.4 6.4a2.25 2.25 0 0 0 3.2 3.2M4.2 4.6C2.6 5.6 1.75 8 1.75 8S3.5 12.25 8 12.25c1.2 0 2.2-.3 3-.75M7 3.8c.3 0 .7-.05 1-.05 4.5 0 6.25 4.25 6.25 4.25s-.5 1.2-1.6 2.3',
  ),
  pencil: outline('M3 13l.6-2.9 7-7a1.4 1.4 0 0 1 2 0l.3.3a1.4 1.4 0 0 1 0 2l-7 7zM9.5 4.2l2.3 2.3'),
  bin: outline('M2.75 4.25h10.5M6 4.25v-1.5h4v1.5M4 4.25l.6 9h6.8l.6-9M6.75 7v3.75M9.25 7v3.75'),
  bold: outline('M5 3h3.5a2.4 2.4 0 0 1 0 4.8H5zM5 7.8h4.1a2.6 2.6 0 0 1 0 5.2H5z'),
  italic: outline('M6.75 3h4M5.25 13h4M9 3 7 13'),
  code: outline('M5.25 4.5 2 8l3.25 3.5M10.75 4.5 14 8l-3.25 3.5'),
  list: outline('M6 4h7.5M6 8h7.5M6 12h7.5M2.75 4v.01M2.75 8v.01M2.75 12v.01'),
  link: outline(
    'M6.75 9.25a2.6 2.6 0 0 0 3.9.3l2-2a2.6 2.6 0 0 0-3.7-3.7l-.9.9M9.25 6.75a2.6 2.6 0 0 0-3.9-.3l-2 2a2.6 2.6 0 0 0 3.7 3.7l.9-.9',
  ),
  eye: outline(
    'M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8zM8 9.75a1.75 1.75 0 1 0 0-3.5 1.75 1.75 0 0 0 0 3.5z',
  ),
  replies: outline('M2.5 3.5h11v3h-11zM2.5 9.5h7v3h-7z'),
  template: outline('M3 2.5h10v4H3zM3 9h4.25v4.5H3zM9.75 9H13v4.5H9.75z'),
  attach: outline(
    'M12.75 7.5 7.9 12.4a3 3 0 0 1-4.3-4.2l5.2-5.3a2 2 0 0 1 2.9 2.8L6.5 11a1 1 0 0 1-1.4-1.4l4.6-4.7',
  ),
  search: outline('M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3'),
  outward: outline('M5.5 10.5 11 5M6 4.5h5.5V10'),
  form: outline('M3.5 2.5h9v11h-9zM6 5.75h4M6 8.25h4M6 10.75h2'),
  file: outline('M4 1.75h5l3.5 3.5v9H4zM9 1.75v3.5h3.5'),
  download: outline('M8 2.5v7.5M4.75 7 8 10.25 11.25 7M3 13.25h10'),
  down: outline('M8 3v10M3.5 8.5 8 13l4.5-4.5'),
} as const
