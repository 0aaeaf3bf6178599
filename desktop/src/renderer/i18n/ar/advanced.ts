import type { Translated } from '../translation.ts';
import type { advancedTexts as source } from '../en/advanced.ts';

/** Arabic texts of Settings > Advanced. */
export const advancedTexts: Translated<typeof source> = {
  advanced: {
    title: 'خيارات متقدمة',
    lead: 'لك ولمن يساعدك عندما لا يعمل شيء ما.',
    report: 'التشخيص',
    reportTitle: 'تقرير التشخيص',
    reportHelp: 'ملف لمن يساعدك. تقرأه هنا قبل حفظه، ولا يُرسل شيء.',
    holds: 'يحتوي على',
    holdsList: {
      versions: 'إصدارات Curlew وأجزائه وهذا النظام',
      connection: 'كيفية اتصال Curlew ونوع الوكيل (proxy) وآخر خطأ',
      numbers: 'عدد الرسائل والمحادثات والتغييرات المنتظرة، وأحجام الملفات، وهل هي سليمة',
      settings: 'الإعدادات التي هي مفاتيح أو خيارات',
      log: 'أحدث أسطر السجل، بأسماء أخرى بدل المعرّفات',
    },
    leavesOut: 'لا يحتوي على رسائل أو مسودات أو أسماء أو عناوين أو رموز دخول أو كلمات مرور.',
    make: 'عرض التقرير…',
    making: 'جارٍ إعداد التقرير…',
    save: 'حفظ…',
    saved: 'تم حفظ التقرير',
    failed: 'لم يُحفظ التقرير. {{reason}}',
    content: 'محتوى التقرير',
    folders: 'المجلدات',
    data: 'مجلد البيانات',
    dataHelp: 'الرسائل والإعدادات وما ينتظر، كلها في ملفات. لا تغيّر شيئًا هناك أثناء عمل Curlew.',
    logs: 'مجلد السجلات',
    logsHelp: 'ما فعله Curlew، بمعرّفات ورموز. لا يحتوي على رسائل.',
    openData: 'فتح مجلد البيانات',
    openLogs: 'فتح مجلد السجلات',
    open: 'فتح',
    notOpened: 'تعذر فتح المجلد.',
  },
};
