/**
 * Base styles of every element's shadow root: the shared ones at the authenticator's sizes, cards, badges and errors.
 */
import { pageBase } from '@chat-widget/page-parts'
import { css } from 'lit'

export const base = [
  pageBase,
  css`
    :host {
      display: block;
    }

    h2 {
      font-size: 1.0625rem;
      font-weight: 600;
      line-height: 1.35;
    }

    [tabindex='-1']:focus-visible {
      outline: none;
    }

    .card {
      padding: 1.5rem;
      border: 1px solid var(--line);
      border-radius: 16px;
      background: var(--surface);
      box-shadow: var(--shadow);
    }

    .soft {
      color: var(--ink-soft);
    }

    .small {
      font-size: 0.9375rem;
    }

    .button {
      gap: 0.5rem;
      min-block-size: 2.75rem;
      padding: 0.375rem 1rem;
      font-weight: 600;
      text-align: center;
      text-decoration: none;
    }

    .button.danger {
      border-color: var(--bad);
      color: var(--bad);
    }

    .button.quiet {
      border-color: transparent;
      color: var(--accent);
    }

    .button.small {
      min-block-size: 2.25rem;
      padding: 0.25rem 0.75rem;
      font-size: 0.9375rem;
    }

    .button.icon-only {
      inline-size: 2.25rem;
      min-block-size: 2.25rem;
      padding: 0;
      color: var(--ink-soft);
    }

    .button[aria-disabled='true'] {
      cursor: default;
    }

    label {
      display: block;
      font-weight: 600;
    }

    .field {
      min-block-size: 2.75rem;
      padding: 0.375rem 0.75rem;
    }

    .field[aria-invalid='true'] {
      border-color: var(--bad);
    }

    .error {
      display: flex;
      align-items: flex-start;
      gap: 0.5rem;
      color: var(--bad);
      font-weight: 500;
    }

    .error svg {
      margin-block-start: 0.1875rem;
    }

    .empty {
      display: contents;
    }

    .badge {
      display: inline-block;
      padding: 0.0625rem 0.5rem;
      border-radius: 99px;
      background: var(--accent-surface);
      font-size: 0.8125rem;
      font-weight: 600;
    }

    .badge.warn {
      background: var(--warn-surface);
      color: var(--warn);
    }

    @media (max-width: 30rem) {
      .card {
        padding: 1.25rem 1rem;
      }
    }

    @media (forced-colors: active) {
      .button.primary {
        border-width: 2px;
      }
      .badge {
        border: 1px solid;
      }
    }
  `,
]
