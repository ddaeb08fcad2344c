"""Why something cannot be done, by language, each with the cure."""

REFUSALS = {
    "full": {
        "en": "{when} is fully booked.",
        "es": "{when}: está completo.",
        "de": "{when} ist ausgebucht.",
        "fr": "{when} : c'est complet.",
        "it": "{when}: è tutto prenotato.",
    },
    "full_for": {
        "en": "{when} is fully booked for {party}.",
        "es": "{when}: está completo para {party}.",
        "de": "{when} ist für {party} ausgebucht.",
        "fr": "{when} : c'est complet pour {party}.",
        "it": "{when}: è tutto prenotato per {party}.",
    },
    "nothing_free": {
        "en": "Nothing is free on {day}.",
        "es": "No hay nada libre el {day}.",
        "de": "Am {day} ist nichts frei.",
        "fr": "Rien n'est disponible le {day}.",
        "it": "Non c'è nulla di libero {day}.",
    },
    "closed": {
        "en": "{name} is closed on {day}{reason}.",
        "es": "{name} cierra el {day}{reason}.",
        "de": "{name} hat am {day} geschlossen{reason}.",
        "fr": "{name} est fermé le {day}{reason}.",
        "it": "{name} è chiuso {day}{reason}.",
    },
    "past": {
        "en": "{when} is in the past.",
        "es": "{when}: ya ha pasado.",
        "de": "{when} ist schon vorbei.",
        "fr": "{when} : c'est déjà passé.",
        "it": "{when}: è già passato.",
    },
    "past_day": {
        "en": "{day} is in the past; today is {today}.",
        "es": "{day} ya ha pasado; hoy es {today}.",
        "de": "{day} ist schon vorbei; heute ist {today}.",
        "fr": "{day} est déjà passé ; nous sommes {today}.",
        "it": "{day} è già passato; oggi è {today}.",
    },
    "lead": {
        "en": "Bookings need {notice} of notice.",
        "es": "Las reservas se hacen con {notice} de antelación.",
        "de": "Buchungen brauchen {notice} Vorlauf.",
        "fr": "Les réservations se font {notice} à l'avance.",
        "it": "Le prenotazioni vanno fatte con {notice} di anticipo.",
    },
    "horizon": {
        "en": "Bookings can be made up to {day}.",
        "es": "Se puede reservar hasta el {day}.",
        "de": "Buchen kann man bis {day}.",
        "fr": "On peut réserver jusqu'au {day}.",
        "it": "Si può prenotare fino a {day}.",
    },
    "grid": {
        "en": "Bookings start every {step}.",
        "es": "Las reservas empiezan cada {step}.",
        "de": "Buchungen beginnen im Abstand von {step}.",
        "fr": "Les réservations commencent par pas de {step}.",
        "it": "Le prenotazioni iniziano a intervalli di {step}.",
    },
    "not_a_start": {
        "en": "Nothing starts on {when}.",
        "es": "{when}: no empieza nada.",
        "de": "{when} beginnt nichts.",
        "fr": "{when} : rien ne commence.",
        "it": "{when}: non inizia nulla.",
    },
    "outside": {
        "en": "{when} is outside the hours for a booking of {length}.",
        "es": "{when} queda fuera del horario para una reserva de {length}.",
        "de": "{when} passt mit {length} Dauer nicht in die Öffnungszeiten.",
        "fr": "{when} : une réservation de {length} sort des horaires.",
        "it": "{when} è fuori orario per una prenotazione di {length}.",
    },
    "too_large": {
        "en": "A party of {party} cannot be booked here, {most} at most.",
        "es": "Aquí no se puede reservar para {party}, {most} como máximo.",
        "de": "Für {party} kann man hier nicht buchen, höchstens für {most}.",
        "fr": "On ne peut pas réserver ici pour {party}, {most} au plus.",
        "it": "Qui non si può prenotare per {party}, al massimo {most}.",
    },
    "does_not_fit": {
        "en": "Nothing here fits a party of {party}.",
        "es": "Aquí no hay nada para {party}.",
        "de": "Für {party} passt hier nichts.",
        "fr": "Rien ici ne convient pour {party}.",
        "it": "Qui non c'è nulla adatto a {party}.",
    },
    # ---- where somebody is to come to
    "served": {
        "en": "{name} comes to {postcode}.",
        "es": "{name} va a {postcode}.",
        "de": "{name} kommt nach {postcode}.",
        "fr": "{name} se déplace à {postcode}.",
        "it": "{name} viene a {postcode}.",
    },
    "not_served": {
        "en": "I am sorry, {name} does not come to {postcode}.",
        "es": "Lo sentimos, {name} no va a {postcode}.",
        "de": "Leider kommt {name} nicht nach {postcode}.",
        "fr": "Désolé, {name} ne se déplace pas à {postcode}.",
        "it": "Spiacenti, {name} non viene a {postcode}.",
    },
    "areas": {
        "en": "It serves: {areas}.",
        "es": "Atiende: {areas}.",
        "de": "Bedient wird: {areas}.",
        "fr": "Zones desservies : {areas}.",
        "it": "Zone servite: {areas}.",
    },
    "no_areas": {
        "en": "Where {name} comes to is not written down here.",
        "es": "Aquí no consta adónde va {name}.",
        "de": "Wohin {name} kommt, steht hier nicht.",
        "fr": "Il n'est pas indiqué ici où {name} se déplace.",
        "it": "Qui non è scritto dove viene {name}.",
    },
    "which_postcode": {
        "en": "Which postcode is it for?",
        "es": "¿Para qué código postal es?",
        "de": "Für welche Postleitzahl?",
        "fr": "Pour quel code postal ?",
        "it": "Per quale codice di avviamento postale?",
    },
    "call": {
        "en": "Please call {phone}.",
        "es": "Llame al {phone}.",
        "de": "Bitte rufen Sie an: {phone}.",
        "fr": "Veuillez appeler le {phone}.",
        "it": "Chiami il numero {phone}.",
    },
    "person": {
        "en": "A person can help with it.",
        "es": "Una persona del equipo puede ayudarle.",
        "de": "Ein Mensch aus dem Team kann dabei helfen.",
        "fr": "Une personne de l'équipe peut vous aider.",
        "it": "Una persona dello staff può aiutarla.",
    },
    "no_bookings": {
        "en": "{name} takes no bookings here.",
        "es": "{name} no toma reservas aquí.",
        "de": "{name} nimmt hier keine Buchungen an.",
        "fr": "{name} ne prend pas de réservations ici.",
        "it": "{name} non prende prenotazioni qui.",
    },
    "skipped": {
        "en": "On {day} the clocks skip {time}: there is no such time.",
        "es": "El {day} los relojes saltan las {time}: esa hora no existe.",
        "de": "Am {day} springt die Uhr über {time}: Diese Zeit gibt es nicht.",
        "fr": "Le {day}, l'heure {time} n'existe pas : les horloges avancent.",
        "it": "{day} gli orologi saltano le {time}: quell'ora non esiste.",
    },
    "twice": {
        "en": "On {day} the clocks show {time} twice. Which one is meant?",
        "es": "El {day} los relojes marcan las {time} dos veces. ¿Cuál de las dos?",
        "de": "Am {day} zeigt die Uhr {time} zweimal. Welche Zeit ist gemeint?",
        "fr": "Le {day}, les horloges montrent {time} deux fois. Laquelle ?",
        "it": "{day} gli orologi segnano le {time} due volte. Quale delle due?",
    },
    "name": {
        "en": "A name is needed for the booking.",
        "es": "Hace falta un nombre para la reserva.",
        "de": "Für die Buchung wird ein Name gebraucht.",
        "fr": "Il faut un nom pour la réservation.",
        "it": "Serve un nome per la prenotazione.",
    },
    "which_service": {
        "en": "Which service: {choices}?",
        "es": "¿Qué servicio: {choices}?",
        "de": "Welche Leistung: {choices}?",
        "fr": "Quelle prestation : {choices} ?",
        "it": "Quale servizio: {choices}?",
    },
    "which_variant": {
        "en": "Which kind of {service}: {choices}?",
        "es": "{service}, ¿de qué tipo: {choices}?",
        "de": "{service}, welche Art: {choices}?",
        "fr": "{service}, de quel type : {choices} ?",
        "it": "{service}, di che tipo: {choices}?",
    },
    "no_such": {
        "en": "There is no '{text}'. There is: {choices}.",
        "es": "No hay '{text}'. Hay: {choices}.",
        "de": "'{text}' gibt es nicht. Es gibt: {choices}.",
        "fr": "Il n'y a pas de '{text}'. Il y a : {choices}.",
        "it": "'{text}' non c'è. C'è: {choices}.",
    },
    "begun": {
        "en": "That booking has begun or is over, so it cannot be changed here.",
        "es": "Esa reserva ya ha empezado o pasado y aquí no se puede cambiar.",
        "de": "Diese Buchung hat begonnen oder ist vorbei und lässt sich hier nicht mehr ändern.",
        "fr": "Cette réservation a commencé ou est passée : elle ne peut plus être changée ici.",
        "it": "Questa prenotazione è iniziata o passata e qui non si può più cambiare.",
    },
    "was_cancelled": {
        "en": "That booking is cancelled. A new one can be made.",
        "es": "Esa reserva está cancelada. Se puede hacer otra.",
        "de": "Diese Buchung ist storniert. Es kann neu gebucht werden.",
        "fr": "Cette réservation est annulée. On peut en faire une autre.",
        "it": "Questa prenotazione è annullata. Se ne può fare un'altra.",
    },
    "same_time": {
        "en": "That is when the booking already is.",
        "es": "La reserva ya es para ese momento.",
        "de": "Die Buchung ist schon zu dieser Zeit.",
        "fr": "La réservation est déjà à ce moment-là.",
        "it": "La prenotazione è già per quel momento.",
    },
    "too_late": {
        "en": "Changes are free until {notice} before the start; after that the team decides.",
        "es": "Los cambios son libres hasta {notice} antes; después decide el equipo.",
        "de": "Ändern geht bis {notice} vor Beginn; danach entscheidet das Team.",
        "fr": "Les changements sont libres jusqu'à {notice} avant ; ensuite l'équipe décide.",
        "it": "Le modifiche sono libere fino a {notice} prima; dopo decide lo staff.",
    },
    "late_fee": {
        "en": "It is less than {notice} before the start, so cancelling costs {fee}. "
        "It is only done if you agree to that.",
        "es": "Faltan menos de {notice}, así que cancelar cuesta {fee}. "
        "Solo se hace si usted está de acuerdo.",
        "de": "Es sind weniger als {notice} bis zum Beginn, deshalb kostet das Stornieren {fee}. "
        "Es geschieht nur, wenn Sie einverstanden sind.",
        "fr": "Il reste moins de {notice} : annuler coûte {fee}. "
        "Cela n'est fait que si vous êtes d'accord.",
        "it": "Mancano meno di {notice}, quindi annullare costa {fee}. "
        "Si fa solo se lei è d'accordo.",
    },
    "too_many_moves": {
        "en": "This booking was moved as often as is possible here.",
        "es": "Esta reserva ya se ha cambiado tantas veces como se puede aquí.",
        "de": "Diese Buchung wurde so oft verlegt, wie es hier geht.",
        "fr": "Cette réservation a été déplacée autant de fois que possible ici.",
        "it": "Questa prenotazione è stata spostata quante volte si può qui.",
    },
    "not_found": {
        "en": "No booking was found with these details. The reference is needed, and the name, "
        "telephone number or e-mail address that it was made with.",
        "es": "No se ha encontrado ninguna reserva con estos datos. Hacen falta la referencia y el "
        "nombre, el teléfono o el correo con que se hizo.",
        "de": "Mit diesen Angaben wurde keine Buchung gefunden. Gebraucht werden die Buchungsnummer "
        "und der Name, die Telefonnummer oder die E-Mail-Adresse dazu.",
        "fr": "Aucune réservation ne correspond. Il faut la référence et le nom, le numéro de "
        "téléphone ou l'adresse e-mail donnés alors.",
        "it": "Con questi dati non si trova nessuna prenotazione. Servono il codice e il nome, il "
        "telefono o l'e-mail con cui è stata fatta.",
    },
    "too_many_tries": {
        "en": "Too many details did not match. Please try again later; a person can help now.",
        "es": "Demasiados datos no coincidían. Inténtelo más tarde; una persona puede ayudarle ya.",
        "de": "Zu viele Angaben haben nicht gepasst. Bitte später noch einmal; "
        "ein Mensch kann jetzt helfen.",
        "fr": "Trop d'informations ne correspondaient pas. Réessayez plus tard ; "
        "une personne peut vous aider.",
        "it": "Troppi dati non corrispondevano. Riprovi più tardi; una persona può aiutarla ora.",
    },
    "no_need_to_wait": {
        "en": "There is something free, so there is no need to wait.",
        "es": "Hay sitio libre, así que no hace falta esperar.",
        "de": "Es ist etwas frei, Warten ist nicht nötig.",
        "fr": "Il y a de la place, inutile d'attendre.",
        "it": "C'è posto, non serve aspettare.",
    },
}
