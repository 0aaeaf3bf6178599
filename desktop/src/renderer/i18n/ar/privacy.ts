import type { Translated } from '../translation.ts';
import type { privacyTexts as source } from '../en/privacy.ts';

/** Arabic texts about what others see of me. */
export const privacyTexts: Translated<typeof source> = {
  status: {
    title: 'الحالة',
    write: 'كتابة حالة…',
    clear: 'مسح نص الحالة',
    quiet: { hour: 'عدم الإزعاج لساعة واحدة', tomorrow: 'عدم الإزعاج حتى الغد' },
    text: 'نص الحالة',
    textHelp: 'يظهر بدل «متصل» أو «بعيد»، حتى وأنت بلا اتصال.',
    tooLong: 'تتسع الحالة لنحو 200 حرف.',
    until: 'مسحها',
    times: {
      never: 'حين أغيّرها',
      halfHour: 'بعد 30 دقيقة',
      hour: 'بعد ساعة',
      fourHours: 'بعد 4 ساعات',
      today: 'في نهاية اليوم',
      week: 'في نهاية الأسبوع',
    },
    save: 'ضبط الحالة',
  },
  privacy: {
    title: 'الخصوصية',
    lead: 'ما يمكن للآخرين رؤيته عنك، على كل أجهزتك.',
    others: 'ما يراه الآخرون',
    presence: 'الحضور',
    presenceHelp: 'متصل وبعيد وعدم الإزعاج ونص حالتك. تبدو لكل من سواهم غير متصل.',
    lastSeen: 'آخر ظهور',
    lastSeenHelp: 'متى كنت متصلًا آخر مرة',
    readReceipts: 'إيصالات القراءة',
    readReceiptsHelp: 'عند الإيقاف يرى الآخرون أن الرسالة وصلت، لا أنك قرأتها',
    typing: 'مؤشر الكتابة',
    audience: {
      organizations: 'مؤسساتي',
      conversations: 'من أحادثهم',
      nobody: 'لا أحد',
    },
  },
};
