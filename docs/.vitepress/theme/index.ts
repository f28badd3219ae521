/** VitePress's own theme, with the examples of the pages. */
import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import './examples/examples.css'
import { LiveChat } from './examples/live-chat.ts'
import { ThemeBuilder } from './examples/theme-builder.ts'
import './sequence-diagrams.css'
import './site.css'

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('LiveChat', LiveChat)
    app.component('ThemeBuilder', ThemeBuilder)
  },
} satisfies Theme
