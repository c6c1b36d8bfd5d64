/** The product's mark. */
export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
    <rect class="mark-ground" width="32" height="32" rx="8" />
    <path class="mark-line" d="M9 24V8h8.2a5.3 5.3 0 0 1 0 10.6H13" />
    <circle class="mark-dot" cx="23" cy="24" r="2.4" />
  </svg>
)
