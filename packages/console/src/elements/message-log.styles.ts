/** Styles of the message log. */
import { css } from 'lit'

export const messageLogStyles = css`
  :host {
    position: relative;
    display: flex;
    flex: 1;
    flex-direction: column;
    min-block-size: 0;
  }

  .scroller {
    flex: 1;
    min-block-size: 0;
    padding: 1rem max(1.25rem, calc(50% - 24rem));
    overflow-y: auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
  }

  .scroller:focus-visible {
    outline-offset: -3px;
  }

  .older {
    display: flex;
    margin: 0 auto 0.75rem;
  }

  .day {
    display: flex;
    align-items: center;
    gap: 0.75rem;
    margin-block: 1.25rem 0.75rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
    font-weight: 500;
  }

  .row:first-child > .day {
    margin-block-start: 0;
  }

  .day::before,
  .day::after {
    flex: 1;
    border-block-start: 1px solid var(--line);
    content: '';
  }

  .note {
    margin: 0.875rem auto;
    max-inline-size: 32rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
    text-align: center;
    overflow-wrap: anywhere;
  }

  .row {
    --bubble: var(--bubble-visitor);
  }

  .by {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    gap: 0.1875rem;
    margin-block-start: 0.1875rem;
  }

  .by > .day {
    align-self: stretch;
  }

  .by.first {
    margin-block-start: 0.75rem;
  }

  .agent,
  .bot,
  .system {
    align-items: flex-end;
    --bubble: var(--bubble-agent);
  }

  .bot,
  .system {
    --bubble: var(--bubble-bot);
  }

  .author {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    padding-inline: 0.25rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
    font-weight: 500;
  }

  .bot .author {
    color: var(--bot);
  }

  .author svg,
  .fate svg {
    inline-size: 0.875rem;
    block-size: 0.875rem;
  }

  .entry {
    display: flex;
    gap: 0.25rem;
    align-items: center;
    align-self: stretch;
    min-inline-size: 0;
  }

  .content {
    display: flex;
    flex-direction: column;
    gap: 0.25rem;
    align-items: flex-start;
    min-inline-size: 0;
    max-inline-size: min(85%, 34rem);
  }

  :is(.agent, .bot, .system) .entry {
    flex-direction: row-reverse;
  }

  :is(.agent, .bot, .system) .content {
    align-items: flex-end;
  }

  .tools {
    display: flex;
    flex: none;
    opacity: 0;
  }

  .tools .button {
    inline-size: 1.75rem;
    min-block-size: 1.75rem;
  }

  .entry:hover .tools,
  .tools:focus-within {
    opacity: 1;
  }

  @media (hover: none) {
    .content {
      max-inline-size: min(calc(100% - 4.5rem), 34rem);
    }
    .tools {
      opacity: 1;
    }
    .tools .button {
      inline-size: 2rem;
      min-block-size: 2rem;
    }
  }

  .fate {
    display: flex;
    align-items: center;
    gap: 0.375rem;
    padding-inline: 0.25rem;
    color: var(--ink-soft);
    font-size: 0.75rem;
  }

  .fate span {
    display: inline-flex;
    align-items: center;
    gap: 0.1875rem;
  }

  .fate .read {
    color: var(--accent);
  }

  .failed {
    color: var(--bad);
  }

  .link {
    min-block-size: 1.5rem;
    padding: 0 0.25rem;
    border: 0;
    background: none;
    color: var(--accent);
    font-weight: 500;
    text-decoration: underline;
    text-underline-offset: 2px;
    cursor: pointer;
  }

  .new {
    position: absolute;
    inset-block-end: 2rem;
    inset-inline: 0;
    display: flex;
    align-items: center;
    gap: 0.375rem;
    inline-size: max-content;
    min-block-size: 2rem;
    margin-inline: auto;
    padding: 0.25rem 0.875rem;
    border: 1px solid var(--line);
    border-radius: 99px;
    background: var(--surface-raised);
    box-shadow: var(--shadow-raised);
    font-weight: 500;
    cursor: pointer;
  }

  .typing {
    display: flex;
    align-items: center;
    gap: 0.3125rem;
    block-size: 1.375rem;
    padding-inline: max(1.5rem, calc(50% - 23.75rem));
    color: var(--ink-soft);
    font-size: 0.75rem;
  }

  .dots {
    display: inline-flex;
    gap: 3px;
  }

  .dots i {
    inline-size: 5px;
    block-size: 5px;
    border-radius: 50%;
    background: currentColor;
    animation: pulse 1.1s ease-in-out 4;
  }

  .dots i:nth-child(2) {
    animation-delay: 150ms;
  }

  .dots i:nth-child(3) {
    animation-delay: 300ms;
  }

  @keyframes pulse {
    0%,
    60%,
    100% {
      opacity: 0.3;
    }
    30% {
      opacity: 1;
    }
  }

  @media (forced-colors: active) {
    .bubble {
      border-color: CanvasText;
    }
    .dots i {
      background: CanvasText;
    }
  }
`
