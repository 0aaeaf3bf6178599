/**
 * Outgoing e-mail over SMTP. Owns the library and its time-outs; whoever sends hears whether the mail server took the
 * message, never more: what happens to it afterwards nobody can know.
 */
import { createTransport } from 'nodemailer';

/** One message in plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** How mail leaves this server. */
export interface Mailer {
  /** Hands a message to the mail server. Rejects when it cannot be reached or does not take it. */
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** Where the mail server is, and who the messages are from. */
export interface MailSettings {
  /** `smtp://` or `smtps://`, with user and password in it where they are needed. */
  readonly url: string;
  readonly from: string;
}

/** How long somebody waits for a mail server that does not answer. */
const TIMEOUT_MS = 10_000;

/** Creates the mailer; connects with the first message. */
export function createMailer({ url, from }: MailSettings): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, text }) {
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text });
    },
    close: () => transport.close(),
  };
}
