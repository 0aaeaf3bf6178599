import type { Translated } from '../translation.ts';
import type { storageTexts as source } from '../en/storage.ts';

/** Arabic texts of Settings > Storage. */
export const storageTexts: Translated<typeof source> = {
  storage: {
    title: 'التخزين',
    lead: 'ما يحتفظ به Curlew على هذا الجهاز كي يُفتح كل شيء فورًا.',
    total: 'على هذا الجهاز، المتاح {{free}}',
    totalOnly: 'على هذا الجهاز',
    measuring: 'جارٍ العدّ…',
    parts: {
      messages: 'الرسائل والمحادثات',
      search: 'فهرس البحث',
      outbox: 'البريد الصادر والمسودات واحتياطيها',
      logs: 'السجلات',
      app: 'التطبيق نفسه',
    },
    conversations: 'المحادثات',
    conversationsNote: 'ما تشغله رسائل كل محادثة هنا تقريبًا. تظهر أكبر 50 محادثة على الأكثر.',
    messages_zero: 'لا رسائل',
    messages_one: 'رسالة واحدة',
    messages_two: 'رسالتان',
    messages_few: '{{count}} رسائل',
    messages_many: '{{count}} رسالة',
    messages_other: '{{count}} رسالة',
    unnamed: 'محادثة بلا اسم',
    none: 'لا توجد رسائل على هذا الجهاز.',
    progress: 'جارٍ عدّ الرسائل، اكتمل {{percent}} ٪',
    cleanUp: 'التنظيف',
    clear: 'مسح الذاكرة المؤقتة',
    clearHelp: 'يحرّر نحو {{size}}. يُحمَّل ما لدى الخادم من جديد، ويبقى البريد الصادر والمسودات وتسجيل الدخول.',
    clearAct: 'مسح…',
    askTitle: 'هل تريد مسح الذاكرة المؤقتة؟',
    askBody:
      'تُزال الرسائل من هذا الجهاز وتُحمَّل من الخادم من جديد. يبقى البريد الصادر والمسودات وتسجيل الدخول.',
    askOffline: 'أنت غير متصل الآن: تعود محادثاتك عندما يتصل هذا الجهاز من جديد.',
    keep: 'الإبقاء عليها',
    clearNow: 'مسح الذاكرة المؤقتة',
    cleared: 'تم مسح الذاكرة المؤقتة. تُحمَّل المحادثات من جديد.',
    clearedOffline: 'تم مسح الذاكرة المؤقتة. تعود المحادثات عندما تتصل.',
    failed: 'لم تُمسح الذاكرة المؤقتة. {{reason}}',
  },
};
