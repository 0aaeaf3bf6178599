/** Settings rows with a control of their own: the whole row is the label and what is pressed. */
import type { ReactNode } from 'react';

interface RowText {
  readonly title: string;
  readonly detail?: ReactNode;
}

/** A setting that is on or off. */
export function SwitchRow({
  title,
  detail,
  isOn,
  onChange,
}: RowText & { readonly isOn: boolean; readonly onChange: (isOn: boolean) => void }) {
  return (
    <label className="srow">
      <span className="grow">
        {title}
        {detail ? <span className="d">{detail}</span> : null}
      </span>
      <input
        type="checkbox"
        role="switch"
        className="sw"
        aria-checked={isOn}
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}

/** A setting with one of a few values. */
export function SelectRow<T extends string>({
  title,
  detail,
  value,
  options,
  onChange,
}: RowText & {
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}) {
  return (
    <label className="srow">
      <span className="grow">
        {title}
        {detail ? <span className="d">{detail}</span> : null}
      </span>
      <select
        className="selbox"
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}
