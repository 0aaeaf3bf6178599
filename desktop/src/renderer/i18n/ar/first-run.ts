import type { Translated } from '../translation.ts';
import type { firstRunTexts as source } from '../en/first-run.ts';

/** Arabic texts of the first minutes. */
export const firstRunTexts: Translated<typeof source> = {
  invitation: {
    title: 'هل تريد الانضمام إلى هذه المؤسسة؟',
    body: 'فتحت دعوة على هذا الخادم. عند الانضمام يرى أفراد المؤسسة اسمك، ويبقى حسابك كما هو.',
    elsewhereTitle: 'هذه الدعوة لخادم {{server}}',
    elsewhereBody:
      'أنت مسجّل الدخول إلى {{server}}. لاستخدام الدعوة سجّل الخروج من الإعدادات > الحساب، وعندها يُفتح نموذج الانضمام. أو اطلب دعوة على خادمك.',
    toAccount: 'الانتقال إلى إعدادات الحساب',
    dismiss: 'عدم استخدامها',
    createLead: 'أُدخلت دعوتك. بقي أن تخبرنا من أنت.',
    signInLead: 'سجّل الدخول بحسابك على هذا الخادم، ثم نسألك عن الدعوة.',
    badLink: 'لا يمكن فتح هذا الرابط: إنه ناقص أو مخصص لإصدار أحدث. اطلب إرساله مرة أخرى.',
  },
};
