/** Texts about spell checking. */
export const spellingTexts = {
  spelling: {
    title: 'Spelling',
    check: 'Check spelling',
    off: 'Off',
    system: 'In the languages of the system',
    chosen: 'In languages I choose',
    now: 'Checked now: {{languages}}.',
    fromComputer:
      'With the dictionaries on this computer. Nothing you write leaves it, and nothing is downloaded.',
    fromSystem: 'With the system’s own spell checker. Nothing is downloaded.',
    noDictionaries:
      'No dictionary was found on this computer. Install one from your system’s software, for example “hunspell-en-us”, and start Curlew again.',
    refused: 'Curlew can’t use the dictionary of this language on this computer.',
  },
} as const;
