/** The authenticator's icons: the shared ones and its own. */
import { outline, icons as pageIcons } from '@chat-widget/page-parts'

export const icons = {
  ...pageIcons,
  copy: outline('M5.5 5.5h7.75v7.75H5.5zM3 10.5V3h7.5'),
  key: outline('M10.25 9.25a3.5 3.5 0 1 0-3.3-2.3L2 12v2h2v-1.5h1.5V11H7l1.1-1.1M11 5.25v.01'),
  print: outline('M4.5 6V2.25h7V6M4.5 11.5H2.75v-5h10.5v5H11.5M4.5 9.5h7v4.25h-7z'),
  download: outline('M8 2.5v7.25M4.75 6.75 8 10l3.25-3.25M2.75 13.25h10.5'),
  bell: outline(
    'M8 2a4 4 0 0 0-4 4c0 3-1.25 4.25-1.25 5.25h10.5C13.25 10.25 12 9 12 6a4 4 0 0 0-4-4zM6.5 13.5h3',
  ),
  next: outline('M6 3l5 5-5 5'),
  minus: outline('M4 8h8'),
} as const
