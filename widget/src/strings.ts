/** Every text of the widget. `T` names their places; each table lists them in that order. */

export const enum T {
  open,
  unread,
  close,
  menu,
  newChat,
  privacy,
  log,
  write,
  send,
  sending,
  notSent,
  retry,
  typing,
  newMessages,
  offline,
  reconnecting,
  tooMany,
  tooLong,
  failed,
  waiting,
  joined,
  left,
  you,
  assistant,
  team,
  booked,
  changed,
  cancelled,
  yourBooking,
  confirmTitle,
  cancelTitle,
  confirm,
  notNow,
  yes,
  no,
  reference,
  name,
  guests,
  service,
  staff,
  times,
  noTimes,
  zone,
  notDone,
  openUntil,
  closedUntil,
}

/** Compact on purpose: one string a language, cut at the bars. `{}` is filled in. */
export const TABLES = {
  en:
    "Open chat|Open chat, {} unread|Close chat|Menu|New conversation|Privacy|Conversation|" +
    "Write a message…|Send|Sending…|Not sent.|Retry|Typing…|New messages|You are offline.|" +
    "Reconnecting…|One moment, please.|This message is too long.|Something went wrong.|" +
    "A team member will join you here.|{} has joined.|{} has left.|You|Assistant|Team|" +
    "Booking confirmed|Booking changed|Booking cancelled|Your booking|Is this right?|" +
    "Cancel this booking?|Confirm|Not now|Yes|No|Reference|Name|Guests|Service|With|" +
    "Available times|No times are free.|Local times in {}|That could not be done.|Open until {}|" +
    "Closed until {}",
  es:
    "Abrir el chat|Abrir el chat, {} sin leer|Cerrar el chat|Menú|Nueva conversación|Privacidad|" +
    "Conversación|Escribe un mensaje…|Enviar|Enviando…|No enviado.|Reintentar|Escribiendo…|" +
    "Mensajes nuevos|Estás sin conexión.|Reconectando…|Un momento, por favor.|" +
    "El mensaje es demasiado largo.|Algo ha fallado.|Una persona del equipo te atenderá aquí.|" +
    "{} se ha unido.|{} se ha ido.|Tú|Asistente|Equipo|Reserva confirmada|Reserva modificada|" +
    "Reserva cancelada|Tu reserva|¿Es correcto?|¿Cancelar esta reserva?|Confirmar|Ahora no|Sí|No|" +
    "Referencia|Nombre|Personas|Servicio|Con|Horas disponibles|No hay horas libres.|" +
    "Hora local de {}|No se ha podido hacer.|Abierto hasta {}|Cerrado hasta {}",
  fr:
    "Ouvrir le chat|Ouvrir le chat, {} non lus|Fermer le chat|Menu|Nouvelle conversation|" +
    "Confidentialité|Conversation|Écrivez un message…|Envoyer|Envoi…|Non envoyé.|Réessayer|" +
    "En train d’écrire…|Nouveaux messages|Vous êtes hors ligne.|Reconnexion…|" +
    "Un instant, s’il vous plaît.|Ce message est trop long.|Un problème est survenu.|" +
    "Un membre de l’équipe va vous rejoindre ici.|{} a rejoint la conversation.|{} est parti.|" +
    "Vous|Assistant|Équipe|Réservation confirmée|Réservation modifiée|Réservation annulée|" +
    "Votre réservation|Est-ce exact ?|Annuler cette réservation ?|Confirmer|Pas maintenant|Oui|" +
    "Non|Référence|Nom|Personnes|Prestation|Avec|Horaires disponibles|Aucun horaire libre.|" +
    "Heure locale de {}|Cela n’a pas pu être fait.|Ouvert jusqu’à {}|Fermé jusqu’à {}",
  de:
    "Chat öffnen|Chat öffnen, {} ungelesen|Chat schließen|Menü|Neue Unterhaltung|Datenschutz|" +
    "Unterhaltung|Nachricht schreiben…|Senden|Wird gesendet…|Nicht gesendet.|Erneut versuchen|" +
    "Schreibt…|Neue Nachrichten|Sie sind offline.|Verbindung wird wiederhergestellt…|" +
    "Einen Moment, bitte.|Diese Nachricht ist zu lang.|Etwas ist schiefgegangen.|" +
    "Jemand aus dem Team meldet sich hier.|{} ist jetzt dabei.|{} ist gegangen.|Sie|Assistent|" +
    "Team|Buchung bestätigt|Buchung geändert|Buchung storniert|Ihre Buchung|Stimmt das so?|" +
    "Diese Buchung stornieren?|Bestätigen|Nicht jetzt|Ja|Nein|Referenz|Name|Personen|Leistung|" +
    "Bei|Freie Zeiten|Es ist nichts frei.|Ortszeit in {}|Das ließ sich nicht machen.|" +
    "Geöffnet bis {}|Geschlossen bis {}",
  it:
    "Apri la chat|Apri la chat, {} non letti|Chiudi la chat|Menu|Nuova conversazione|Privacy|" +
    "Conversazione|Scrivi un messaggio…|Invia|Invio…|Non inviato.|Riprova|Sta scrivendo…|" +
    "Nuovi messaggi|Sei offline.|Riconnessione…|Un momento, per favore.|" +
    "Il messaggio è troppo lungo.|Qualcosa è andato storto.|" +
    "Una persona del team ti raggiungerà qui.|{} si è unito alla chat.|{} ha lasciato la chat.|" +
    "Tu|Assistente|Team|Prenotazione confermata|Prenotazione modificata|Prenotazione annullata|" +
    "La tua prenotazione|È corretto?|Annullare questa prenotazione?|Conferma|Non ora|Sì|No|" +
    "Riferimento|Nome|Persone|Servizio|Con|Orari disponibili|Nessun orario libero.|" +
    "Ora locale di {}|Non è stato possibile.|Aperto fino a {}|Chiuso fino a {}",
  ar:
    "فتح المحادثة|فتح المحادثة، {} غير مقروءة|إغلاق المحادثة|القائمة|محادثة جديدة|الخصوصية|" +
    "المحادثة|اكتب رسالة…|إرسال|جارٍ الإرسال…|لم تُرسل.|إعادة المحاولة|يكتب الآن…|رسائل جديدة|" +
    "أنت غير متصل.|جارٍ إعادة الاتصال…|لحظة من فضلك.|هذه الرسالة طويلة جدًا.|حدث خطأ ما.|" +
    "سينضم إليك هنا أحد أعضاء الفريق.|انضم {}.|غادر {}.|أنت|المساعد|الفريق|تم تأكيد الحجز|" +
    "تم تعديل الحجز|تم إلغاء الحجز|حجزك|هل هذا صحيح؟|هل تريد إلغاء هذا الحجز؟|تأكيد|ليس الآن|نعم|" +
    "لا|رقم الحجز|الاسم|عدد الأشخاص|الخدمة|مع|الأوقات المتاحة|لا توجد أوقات متاحة.|" +
    "بالتوقيت المحلي في {}|تعذّر تنفيذ ذلك.|مفتوح حتى {}|مغلق حتى {}",
};
