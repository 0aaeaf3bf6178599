/** Buttons: text buttons in four tones, icon buttons with a name and tooltip, and links that act. */
import './button.css';
import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Tooltip } from './tooltip.tsx';

type NativeButton = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'type'> & {
  readonly ref?: Ref<HTMLButtonElement> | undefined;
};

interface ButtonProps extends NativeButton {
  readonly tone?: 'primary' | 'secondary' | 'danger' | 'dangerQuiet' | 'quiet' | undefined;
  readonly size?: 'small' | 'normal' | 'large' | undefined;
  readonly isWide?: boolean | undefined;
  readonly grows?: boolean | undefined;
  readonly submits?: boolean | undefined;
  readonly children: ReactNode;
}

const toneClass = {
  primary: ' primary',
  secondary: '',
  danger: ' danger',
  dangerQuiet: ' danger-q',
  quiet: ' quiet',
} as const;
const sizeClass = { small: ' sm', normal: '', large: ' lg' } as const;

/** A button with text. */
export function Button({
  tone = 'secondary',
  size = 'normal',
  isWide,
  grows,
  submits,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type={submits ? 'submit' : 'button'}
      className={`btn${toneClass[tone]}${sizeClass[size]}${isWide ? ' wide' : ''}${grows ? ' grow' : ''}`}
      {...rest}
    >
      {children}
    </button>
  );
}

interface IconButtonProps extends NativeButton {
  readonly label: string;
  /** Shortcut shown in the tooltip, e.g. `Ctrl+K`. */
  readonly keys?: string | undefined;
  readonly isSmall?: boolean | undefined;
  readonly isOn?: boolean | undefined;
  readonly isSolid?: boolean | undefined;
  readonly tooltipSide?: 'top' | 'bottom' | 'right' | 'left' | undefined;
  readonly children: ReactNode;
}

/** A square button with an icon; its name is the label. */
export function IconButton({
  label,
  keys,
  isSmall,
  isOn,
  isSolid,
  tooltipSide = 'bottom',
  children,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip label={label} keys={keys} side={tooltipSide}>
      <button
        type="button"
        aria-label={label}
        className={`ib${isSmall ? ' sm' : ''}${isOn ? ' on' : ''}${isSolid ? ' solid' : ''}`}
        {...rest}
      >
        {children}
      </button>
    </Tooltip>
  );
}

interface LinkButtonProps extends NativeButton {
  readonly isDanger?: boolean | undefined;
  readonly isSmall?: boolean | undefined;
  readonly children: ReactNode;
}

/** A button that looks like a link. */
export function LinkButton({ isDanger, isSmall, children, ...rest }: LinkButtonProps) {
  return (
    <button type="button" className={`link${isDanger ? ' dgr' : ''}${isSmall ? ' s13' : ''}`} {...rest}>
      {children}
    </button>
  );
}
