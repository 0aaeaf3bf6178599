import type { Translated } from '../translation.ts';
import type { exportingTexts as source } from '../en/exporting.ts';

/** Arabic texts of exports. */
export const exportingTexts: Translated<typeof source> = {
  exporting: {
    title: 'التصدير',
    account: 'تصدير الرسائل',
    accountHelp: 'كل الرسائل الموجودة على هذا الجهاز، صفحاتٍ وملفات JSON. يعمل بلا شبكة.',
    conversation: 'تصدير…',
    start: 'تصدير…',
    progress: '{{percent}} %',
    progressLabel: 'التصدير جارٍ',
    cancel: 'إلغاء التصدير',
    done_zero: 'لم تُحفظ أي رسالة في {{folder}}.',
    done_one: 'حُفظت رسالة واحدة في {{folder}}.',
    done_two: 'حُفظت رسالتان في {{folder}}.',
    done_few: 'حُفظت {{count}} رسائل في {{folder}}.',
    done_many: 'حُفظت {{count}} رسالة في {{folder}}.',
    done_other: 'حُفظت {{count}} رسالة في {{folder}}.',
    failed: 'تعذّر إتمام التصدير. {{reason}}',
    pages: {
      title: 'Curlew',
      exportedAt: 'صُدّر في {date}.',
      whole: 'كل ما قيل حتى ذلك الحين موجود في هذا الملف.',
      heldSince: 'ما قيل قبل {date} ليس في هذا الملف: لم يكن على هذا الجهاز.',
      heldNothing: 'لا شيء من هذه المحادثة في هذا الملف: لم تكن على هذا الجهاز.',
      gap: 'تنقص هنا رسائل: لم تكن على هذا الجهاز.',
      messages: 'عدد الرسائل: {count}',
      deleted: 'محذوفة',
      edited: 'معدّلة',
      reply: 'رد',
      unknownPerson: 'شخص غير معروف',
      back: 'كل المحادثات',
      notices: {
        title: 'سمّى {name} المحادثة {other}',
        pin: 'غيّر {name} المثبَّت',
        status: 'ضبط {name} الحالة على {other}',
        closed: 'أغلق {name} المحادثة أو فتحها',
        ttl: 'غيّر {name} مدة بقاء الرسائل',
        joined: 'أضاف {name} {other}',
        left: 'لم يعد {other} هنا',
        role: 'غيّر {name} دور {other}',
      },
    },
  },
};
