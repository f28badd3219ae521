/** What tests need to look at an element, with the page’s colours and every element of it defined. */
import '../authenticator.css'
import '../define.ts'

export * from '@chat-widget/page-parts/testing'
