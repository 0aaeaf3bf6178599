/** The sentences of the main process in Arabic. */
import type { MainTexts } from './texts.en.ts';

const plural = new Intl.PluralRules('ar');

interface Forms {
  readonly one: string;
  readonly two: string;
  readonly few: string;
  readonly many: string;
  readonly other: string;
}

/** The noun with its count, by the six categories of Arabic (zero is said like many). */
function counted(count: number, forms: Forms): string {
  const category = plural.select(count);
  if (category === 'one') return forms.one;
  if (category === 'two') return forms.two;
  return `${count} ${category === 'zero' ? forms.many : forms[category]}`;
}

const conversations: Forms = {
  one: 'محادثة واحدة',
  two: 'محادثتان',
  few: 'محادثات',
  many: 'محادثة',
  other: 'محادثة',
};
const unreadConversations: Forms = {
  one: 'محادثة واحدة غير مقروءة',
  two: 'محادثتان غير مقروءتين',
  few: 'محادثات غير مقروءة',
  many: 'محادثة غير مقروءة',
  other: 'محادثة غير مقروءة',
};
const newMessages: Forms = {
  one: 'رسالة جديدة واحدة',
  two: 'رسالتان جديدتان',
  few: 'رسائل جديدة',
  many: 'رسالة جديدة',
  other: 'رسالة جديدة',
};
const messages: Forms = {
  one: 'رسالة واحدة',
  two: 'رسالتان',
  few: 'رسائل',
  many: 'رسالة',
  other: 'رسالة',
};
const waitingMessages: Forms = {
  one: 'رسالة واحدة تنتظر',
  two: 'رسالتان تنتظران',
  few: 'رسائل تنتظر',
  many: 'رسالة تنتظر',
  other: 'رسالة تنتظر',
};
const moreMessages: Forms = {
  one: 'رسالة أخرى',
  two: 'رسالتان أخريان',
  few: 'رسائل أخرى',
  many: 'رسالة أخرى',
  other: 'رسالة أخرى',
};

/** See the file comment. */
export const arabic: MainTexts = {
  appName: 'Curlew',
  openApp: 'فتح Curlew',
  newConversation: 'محادثة جديدة',
  settings: 'الإعدادات',
  closeWindow: 'إغلاق النافذة',
  quit: 'إنهاء Curlew',
  fileMenu: 'ملف',
  editMenu: 'تحرير',
  viewMenu: 'عرض',
  goMenu: 'انتقال',
  undo: 'تراجع',
  redo: 'إعادة',
  cut: 'قص',
  copy: 'نسخ',
  paste: 'لصق',
  pastePlain: 'لصق بلا تنسيق',
  selectAll: 'تحديد الكل',
  copyLink: 'نسخ عنوان الرابط',
  noSuggestions: 'لا اقتراحات',
  addToDictionary: 'أضف إلى القاموس',
  zoomIn: 'تكبير',
  zoomOut: 'تصغير',
  zoomReset: 'الحجم الفعلي',
  fullScreen: 'ملء الشاشة',
  chats: 'المحادثات',
  linked: 'العناصر المرتبطة',
  announcements: 'الإعلانات',
  people: 'الأشخاص',
  outbox: 'الصادر',
  reload: 'إعادة التحميل',
  developerTools: 'أدوات المطوّر',
  newMessage: 'رسالة جديدة',
  youHaveNewMessages: 'لديك رسائل جديدة',
  newPrivateMessage: 'رسالة خاصة جديدة',
  open: 'فتح',
  reply: 'رد',
  replyPlaceholder: 'اكتب ردًا…',
  markRead: 'وضع علامة مقروءة',
  muteHour: 'كتم ساعة',
  replyFailed: 'لم يُرسل ردك. اكتبه في المحادثة.',
  testNotification: 'هكذا يبدو إشعار من Curlew.',
  newMessageMenu: 'رسالة جديدة…',
  nextUnread: (title) => `التالية غير المقروءة: \u2068${title}\u2069`,
  nothingUnread: 'لا شيء غير مقروء',
  online: 'متصل',
  away: 'بعيد',
  offline: 'بلا اتصال',
  doNotDisturb: 'عدم الإزعاج',
  doNotDisturbOn: 'عدم الإزعاج (مفعّل)',
  forHour: 'لساعة واحدة',
  untilTomorrow: 'حتى الغد',
  untilTurnedOff: 'حتى أوقفه',
  outboxWaiting: (count) => (count === 0 ? 'الصادر' : `الصادر: ${counted(count, waitingMessages)}`),
  notSent: (count) => `لم تُرسل: ${counted(count, messages)}. افتح الصادر.`,
  keepsRunning: 'يستمر Curlew في العمل لتصل الرسائل. يمكنك تغيير ذلك في الإعدادات.',
  noAccountOn: (host) => `هذا الرابط يخص ${host}. أضف حسابك هناك أولًا، ثم افتح الرابط مرة أخرى.`,
  recovered: 'واجه Curlew مشكلة وتعافى منها. رسائلك في أمان.',
  unread: (count) => counted(count, unreadConversations),
  newMessages: (count) => counted(count, newMessages),
  andMore: (count) => `و${counted(count, moreMessages)}`,
  unsentFile: 'رسائل Curlew غير المرسلة',
  unsentKind: { message: 'رسالة', edit: 'تعديل رسالة', draft: 'مسودة' },
  unknownConversation: 'محادثة غير معروفة',
  summary: (messages, inConversations) =>
    `${counted(messages, newMessages)} في ${counted(inConversations, conversations)}`,
};
