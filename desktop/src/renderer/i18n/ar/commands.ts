import type { Translated } from '../translation.ts';
import type { commandTexts as source } from '../en/commands.ts';

/** Arabic texts of the commands that the switcher finds by name. */
export const commandTexts: Translated<typeof source> = {
  commands: {
    heading: 'الإجراءات',
    hint: 'الإجراءات فقط',
    newDirect: 'رسالة مباشرة جديدة',
    newGroup: 'مجموعة جديدة',
    newLinked: 'محادثة جديدة حول عنصر',
    goTo: 'الانتقال إلى {{place}}',
    settings: 'الإعدادات: {{page}}',
    dark: 'استخدام السمة الداكنة',
    light: 'استخدام السمة الفاتحة',
    undisturbed: 'عدم الإزعاج: إيقاف',
    updates: 'البحث عن تحديثات',
  },
};
