import type { Translated } from '../translation.ts';
import type { spellingTexts as source } from '../en/spelling.ts';

/** Arabic texts about spell checking. */
export const spellingTexts: Translated<typeof source> = {
  spelling: {
    title: 'الإملاء',
    check: 'تدقيق الإملاء',
    off: 'إيقاف',
    system: 'بلغات النظام',
    chosen: 'بلغات أختارها',
    now: 'يُدقَّق الآن: {{languages}}.',
    fromComputer: 'بالقواميس الموجودة على هذا الحاسوب. لا يغادره شيء مما تكتبه ولا يُنزَّل شيء.',
    fromSystem: 'بمدقق الإملاء الخاص بالنظام. لا يُنزَّل شيء.',
    noDictionaries:
      'لم يُعثر على قاموس في هذا الحاسوب. ثبّت قاموسًا من برامج نظامك، مثل «hunspell-en-us»، ثم شغّل Curlew من جديد.',
    refused: 'لا يستطيع Curlew استخدام قاموس هذه اللغة على هذا الحاسوب.',
  },
};
