/**
 * What a translation must hold: every text of the source language, with the plural forms of its own (CLDR's
 * categories, https://cldr.unicode.org/index/cldr-spec/plural-rules). Which of them a language needs is asked by
 * `translations.test.ts`.
 */
import type { ErrorCode } from '@curlew/shared/protocol/errors.ts';
import type { en } from './en.ts';

/** The texts of one part, in another language. */
export type Translated<T> = {
  readonly [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string
    ? string
    : Translated<T[K]>;
} & {
  readonly [
    K in keyof T as K extends `${infer Base}_one`
      ? `${Base}_${'zero' | 'one' | 'two' | 'few' | 'many'}`
      : never
  ]?: string;
};

/** A whole translation. The sentences of errors have their English in the protocol's catalogue. */
export type Translation = Translated<typeof en> & { readonly errors: Readonly<Record<ErrorCode, string>> };
