/** Form fields: a labelled input with help or error text, a password input that can be shown, and a segmented choice. */
import './field.css';
import { CircleAlert, Eye, EyeOff } from 'lucide-react';
import { useId, useState, type InputHTMLAttributes, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './button.tsx';

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'className' | 'id'> {
  readonly label: string;
  /** Said after the label in a lighter weight. */
  readonly labelNote?: string | undefined;
  readonly help?: ReactNode;
  /** A sentence; marks the field as wrong and is tied to it. */
  readonly error?: string | null | undefined;
  readonly icon?: ReactNode;
  readonly trailing?: ReactNode;
  readonly isMono?: boolean | undefined;
  readonly ref?: Ref<HTMLInputElement> | undefined;
}

/** A labelled text input. */
export function TextField({
  label,
  labelNote,
  help,
  error,
  icon,
  trailing,
  isMono,
  ...input
}: TextFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>
        {label}
        {labelNote ? <span className="label-note"> {labelNote}</span> : null}
      </label>
      <div className={`inp${error ? ' err' : ''}`}>
        {icon}
        <input
          id={id}
          className={`grow${isMono ? ' mono' : ''}`}
          aria-invalid={error ? true : undefined}
          aria-describedby={error || help ? `${id}-help` : undefined}
          {...input}
        />
        {trailing}
      </div>
      {error ? (
        <FieldError text={error} id={`${id}-help`} />
      ) : help ? (
        <div id={`${id}-help`}>{help}</div>
      ) : null}
    </div>
  );
}

/** A sentence about what is wrong, spoken when it comes up; nothing for null. */
export function FieldError({ text, id }: { readonly text: string | null; readonly id?: string | undefined }) {
  if (text === null) return null;
  return (
    <div className="help err" role="alert" id={id}>
      <CircleAlert className="i i14" aria-hidden="true" />
      <span>{text}</span>
    </div>
  );
}

/** A password input with a button that shows it. */
export function PasswordField(props: Omit<TextFieldProps, 'type' | 'trailing'>) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={isShown ? 'text' : 'password'}
      trailing={
        <IconButton
          label={t(isShown ? 'auth.hidePassword' : 'auth.showPassword')}
          isSmall
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? <EyeOff className="i i16" /> : <Eye className="i i16" />}
        </IconButton>
      }
    />
  );
}

interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChange: (value: T) => void;
}

/** One of a few values, side by side. Arrow keys move and choose, like any radio group. */
export function Segmented<T extends string>({ label, value, options, onChange }: SegmentedProps<T>) {
  const name = useId();
  return (
    <div className="seg" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className={option.value === value ? 'on' : undefined}>
          <input
            type="radio"
            className="vh"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  );
}
