import type { Translation } from '../translation.ts';

/** The sentences of errors in German; their English stands in the protocol's catalogue. */
export const errorTexts: Translation['errors'] = {
  BUSY: 'Der Server ist beschäftigt. Curlew versucht es von selbst wieder.',
  LAGGING: 'Der Server holt noch auf. Curlew versucht es von selbst wieder.',
  RATE_LIMITED: 'Zu viele Anfragen in kurzer Zeit. Curlew wartet und versucht es wieder.',
  SHUTTING_DOWN: 'Der Server startet neu. Curlew verbindet sich von selbst wieder.',
  TIMEOUT: 'Der Server hat nicht rechtzeitig geantwortet. Curlew versucht es von selbst wieder.',
  OFFLINE:
    'Keine Antwort von dieser Adresse. Prüfe die Schreibweise, dein Netz oder die Proxy-Einstellungen.',
  INTERNAL:
    'Auf dem Server ist etwas schiefgegangen. Dein Text bleibt erhalten; versuche es später noch einmal.',
  AUTH_REQUIRED: 'Dafür ist eine Anmeldung nötig.',
  AUTH_EXPIRED: 'Deine Sitzung ist abgelaufen. Curlew erneuert sie von selbst.',
  AUTH_REVOKED:
    'Deine Organisation hat dich abgemeldet. Melde dich an, um zu senden und zu empfangen. Deine Nachrichten sind noch da.',
  FENCED: 'Dieses Gerät ist ein zweites Mal verbunden; die neuere Verbindung läuft weiter.',
  DEVICE_CLONED: 'Zwei laufende Kopien benutzen dieses Gerät. Melde dich auf diesem neu an.',
  PROTOCOL_TOO_OLD: 'Diese Version von Curlew ist zu alt für den Server. Aktualisiere sie.',
  TRIMMED: 'Älterer Verlauf ist nicht mehr auf dem Server.',
  DIVERGED: 'Dieses Gerät und der Server unterscheiden sich. Curlew lädt die Unterhaltung neu.',
  NOT_FOUND: 'Das gibt es nicht, oder du kannst es nicht sehen.',
  FORBIDDEN: 'Das darfst du hier nicht. Frage die Verwaltung deiner Organisation.',
  SCOPE_MISSING: 'Dieses Token hat nicht das Recht dazu.',
  NOT_MEMBER: 'Du bist kein Mitglied dieser Unterhaltung mehr.',
  TARGET_MISSING: 'Die Nachricht, um die es geht, gibt es nicht.',
  TARGET_DELETED: 'Die Nachricht wurde inzwischen gelöscht.',
  TOO_LARGE: 'Das ist zu groß. Kürze es oder sende es in Teilen.',
  BAD_REQUEST: 'Die Anfrage ist ungültig; es wurde nichts geändert.',
  GROUP_FULL: 'Die Gruppe ist voll. Nimm zuerst jemanden heraus.',
  LIMIT_REACHED:
    'Mehr davon darf es nicht geben. Entferne etwas, das nicht mehr gebraucht wird, und versuche es dann noch einmal.',
  OP_ID_REUSED: 'Das wurde schon mit anderem Inhalt gesendet. Kopiere den Text und sende ihn neu.',
  WEBHOOK_ADDRESS:
    'An diese Adresse sendet Curlew nicht. Es muss eine öffentliche https-Adresse sein; wer den Server betreibt, kann andere erlauben.',
  IDEMPOTENCY_KEY_REUSED:
    'Dieser Schlüssel wurde schon für eine andere Anfrage benutzt. Nimm für eine neue Anfrage einen neuen.',
  IDEMPOTENCY_KEY_IN_USE:
    'Die erste Anfrage mit diesem Schlüssel läuft noch. Versuche es gleich noch einmal.',
  ID_TAKEN: 'Diese Kennung ist schon vergeben. Kopiere den Text und sende ihn neu.',
  DEPENDENCY_FAILED: 'Wovon dies abhängt, wurde nicht gesendet; darum auch dies nicht.',
  WRONG_CREDENTIALS: 'E-Mail oder Passwort ist falsch.',
  MAIL_UNAVAILABLE:
    'Dieser Server verschickt keine E-Mails. Erstelle die Einladung ohne Adresse und gib Link oder Code selbst weiter.',
  MAIL_FAILED:
    'Die E-Mail konnte nicht gesendet werden; die Einladung wurde nicht erstellt. Prüfe die Adresse oder gib selbst einen Link weiter.',
  ACCOUNT_DEACTIVATED: 'Dieses Konto ist deaktiviert. Frage die Verwaltung deiner Organisation.',
  EMAIL_TAKEN: 'Diese E-Mail-Adresse geht nicht. Melde dich an oder nimm eine andere.',
  PASSWORD_WEAK: 'Wähle ein Passwort mit mindestens 10 Zeichen, das nicht zu den häufigsten gehört.',
  SETUP_CODE_WRONG: 'Der Einrichtungscode ist falsch. Er steht in den ersten Zeilen der Ausgabe des Servers.',
  INVITE_INVALID: 'Diese Einladung ist unbekannt, verbraucht oder abgelaufen. Bitte um eine neue.',
  REFRESH_REUSED: 'Deine Anmeldung wurde an zwei Stellen benutzt und beendet. Melde dich neu an.',
  NOT_SENT_IN_TIME:
    'Bis zur gewählten Zeit konnte es nicht gesendet werden. Der Text bleibt erhalten; sende ihn neu, wenn er noch wichtig ist.',
  DISK_FULL:
    'Dieser Computer ist fast voll; Curlew konnte nicht speichern. Schaffe Platz und versuche es noch einmal.',
  KEYRING_MISSING:
    'Dieser Computer hat keinen Schlüsselbund, in dem Curlew deine Anmeldung aufbewahren könnte. Du kannst nur bis zum Beenden angemeldet bleiben.',
  KEYRING_SILENT:
    'Der Schlüsselbund dieses Computers antwortet nicht. Entsperre ihn, falls er nach seinem Passwort fragt; Curlew versucht es von selbst wieder.',
  SHORTCUT_TAKEN:
    'Diese Tasten gehören einem anderen Programm, oder dieser Desktop behält sie für sich. Curlew arbeitet wie zuvor.',
  CERTIFICATE_UNTRUSTED:
    'Dem Zertifikat dieses Servers wird nicht vertraut. Frage deine Verwaltung, bevor du weitermachst.',
  PROXY_AUTH:
    'Der Proxy nimmt diesen Benutzer und dieses Passwort nicht an. Prüfe sie in den Netzwerkeinstellungen.',
  PROXY_UNREACHABLE: 'Der Proxy antwortet nicht. Prüfe Adresse und Port in den Netzwerkeinstellungen.',
  INSECURE_ADDRESS: 'Curlew verbindet sich nur über https. Einfaches http geht nur auf diesem Computer.',
  LOCAL_DATA_DAMAGED:
    'Die lokalen Dateien von Curlew sind beschädigt. Was du geschrieben hast, bleibt; der Rest wird neu geladen.',
};
