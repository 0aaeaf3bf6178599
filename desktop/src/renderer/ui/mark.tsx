/** The Curlew mark. */
export function Mark({
  size = 18,
  className = 'mark',
}: {
  readonly size?: number;
  readonly className?: string;
}) {
  return (
    <svg className={className} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path
        fill="currentColor"
        fillRule="evenodd"
        d="M2.7 21.6V9.1C2.7 5.4 5.5 2.5 9.1 2.5c2.8 0 4.9 1.6 5.8 4 4.4 1.7 7.1 6.3 7.3 13.8 0 .8-.9 1-1.1.2-1.3-5.5-3.8-8.9-7.2-9.9-.9 2.8-4 3.9-5 6.6-.5 1.4-.6 2.9-.6 4.4ZM9.2 8.7a1.35 1.35 0 1 0 0-2.7 1.35 1.35 0 0 0 0 2.7Z"
      />
    </svg>
  );
}
