import type { Translated } from '../translation.ts';
import type { accountTexts as source } from '../en/accounts.ts';

/** Arabic texts of several accounts. */
export const accountTexts: Translated<typeof source> = {
  accounts: {
    title: 'الحسابات',
    lead: 'لكل حساب رسائله الخاصة. تبقى كلها متصلة، والرقم على أيقونة التطبيق مجموعها.',
    add: 'إضافة حساب…',
    open: 'عرض',
    openNamed: 'عرض {{name}}، {{server}}',
    shown: 'معروض الآن',
    onServer: '، {{server}}',
    needsSignIn: 'سجّل الدخول من جديد',
    otherUnread_zero: '، لا محادثات غير مقروءة في حسابات أخرى',
    otherUnread_one: '، محادثة واحدة غير مقروءة في حسابات أخرى',
    otherUnread_two: '، محادثتان غير مقروءتين في حسابات أخرى',
    otherUnread_few: '، {{count}} محادثات غير مقروءة في حسابات أخرى',
    otherUnread_many: '، {{count}} محادثة غير مقروءة في حسابات أخرى',
    otherUnread_other: '، {{count}} محادثة غير مقروءة في حسابات أخرى',
    backTo: 'العودة إلى {{name}}، {{server}}',
  },
};
