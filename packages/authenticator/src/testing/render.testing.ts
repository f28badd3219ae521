/** Helpers to mount an element, with the page’s colours and all elements defined. */
import '../authenticator.css'
import '../define.ts'

export * from '@chat-widget/page-parts/testing'
