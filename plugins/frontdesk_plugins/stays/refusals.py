"""Why something cannot be, in the guest's words."""

REFUSALS: dict[str, dict[str, str]] = {
    "no_rooms": {
        "en": "Rooms cannot be booked here.",
        "es": "Aquí no se pueden reservar habitaciones.",
        "de": "Zimmer kann man hier nicht buchen.",
        "fr": "On ne peut pas réserver de chambre ici.",
        "it": "Qui non si possono prenotare camere.",
    },
    "past": {
        "en": "{day} is past; today is {today}.",
        "es": "El {day} ya ha pasado; hoy es {today}.",
        "de": "{day} ist vorbei; heute ist {today}.",
        "fr": "Le {day} est passé ; nous sommes le {today}.",
        "it": "{day} è passato; oggi è {today}.",
    },
    "order": {
        "en": "The departure has to be after the arrival.",
        "es": "La salida tiene que ser después de la llegada.",
        "de": "Die Abreise muss nach der Anreise liegen.",
        "fr": "Le départ doit être après l'arrivée.",
        "it": "La partenza deve essere dopo l'arrivo.",
    },
    "today": {
        "en": "For today it is too late to book here. Please call us, or choose another arrival.",
        "es": "Para hoy ya es tarde para reservar aquí. Llámenos o elija otra llegada.",
        "de": "Für heute ist es hier zu spät. Bitte rufen Sie an oder wählen Sie einen anderen Tag.",
        "fr": "Pour aujourd'hui, il est trop tard ici. Appelez-nous ou choisissez un autre jour.",
        "it": "Per oggi qui è troppo tardi. Ci chiami o scelga un altro arrivo.",
    },
    "lead": {
        "en": "The first arrival that can be booked here is {day}.",
        "es": "La primera llegada que se puede reservar aquí es el {day}.",
        "de": "Die erste Anreise, die hier gebucht werden kann, ist {day}.",
        "fr": "La première arrivée réservable ici est le {day}.",
        "it": "Il primo arrivo prenotabile qui è {day}.",
    },
    "horizon": {
        "en": "Arrivals can be booked here up to {day}.",
        "es": "Aquí se pueden reservar llegadas hasta el {day}.",
        "de": "Anreisen können hier bis {day} gebucht werden.",
        "fr": "On peut réserver ici des arrivées jusqu'au {day}.",
        "it": "Qui si prenotano arrivi fino a {day}.",
    },
    "too_long": {
        "en": "At most {nights} can be booked here; our team arranges longer stays.",
        "es": "Aquí se reservan como máximo {nights}; nuestro equipo organiza estancias más largas.",
        "de": "Hier sind höchstens {nights} buchbar; längere Aufenthalte vereinbart unser Team.",
        "fr": "On réserve ici {nights} au plus ; notre équipe s'occupe des séjours plus longs.",
        "it": "Qui si prenotano al massimo {nights}; per soggiorni più lunghi c'è il nostro team.",
    },
    "too_short": {
        "en": "A stay {dates} has to be at least {nights}.",
        "es": "Una estancia {dates} tiene que ser de al menos {nights}.",
        "de": "Ein Aufenthalt {dates} dauert mindestens {nights}.",
        "fr": "Un séjour {dates} doit durer au moins {nights}.",
        "it": "Un soggiorno {dates} deve essere di almeno {nights}.",
    },
    "too_many_rooms": {
        "en": "Up to {rooms} can be booked here; our team arranges more.",
        "es": "Aquí se reservan hasta {rooms}; para más, nuestro equipo.",
        "de": "Hier sind bis zu {rooms} buchbar; mehr vereinbart unser Team.",
        "fr": "On réserve ici jusqu'à {rooms} ; au-delà, notre équipe s'en occupe.",
        "it": "Qui si prenotano fino a {rooms}; per di più c'è il nostro team.",
    },
    "adult_each": {
        "en": "There has to be an adult in every room.",
        "es": "En cada habitación tiene que haber un adulto.",
        "de": "In jedem Zimmer muss ein Erwachsener sein.",
        "fr": "Il faut un adulte dans chaque chambre.",
        "it": "In ogni camera deve esserci un adulto.",
    },
    "no_fit": {
        "en": "No room of ours fits that in {rooms}. More rooms may do, or other wishes.",
        "es": "Ninguna de nuestras habitaciones sirve para eso con {rooms}. Quizá con más.",
        "de": "Das passt bei uns nicht in {rooms}. Mehr Zimmer oder andere Wünsche gehen vielleicht.",
        "fr": "Aucune chambre ne convient avec {rooms}. Peut-être avec davantage de chambres.",
        "it": "Nessuna camera va bene con {rooms}. Forse con più camere.",
    },
    "room_does_not_fit": {
        "en": "{room} does not fit for that party or wish. These do: {choices}.",
        "es": "{room} no sirve para ese grupo o deseo. Estas sí: {choices}.",
        "de": "{room} passt dafür nicht. Diese passen: {choices}.",
        "fr": "{room} ne convient pas. Celles-ci conviennent : {choices}.",
        "it": "{room} non va bene. Queste sì: {choices}.",
    },
    "full": {
        "en": "Nothing that fits is free {dates}.",
        "es": "No hay nada adecuado libre {dates}.",
        "de": "{dates} ist nichts Passendes frei.",
        "fr": "Rien de convenable n'est libre {dates}.",
        "it": "Non c'è niente di adatto libero {dates}.",
    },
    "room_full": {
        "en": "{room} is not free {dates}.",
        "es": "{room} no está libre {dates}.",
        "de": "{room} ist {dates} nicht frei.",
        "fr": "{room} n'est pas libre {dates}.",
        "it": "{room} non è libera {dates}.",
    },
    "others": {
        "en": "These are: {rooms}.",
        "es": "Estas sí: {rooms}.",
        "de": "Frei sind: {rooms}.",
        "fr": "Celles-ci le sont : {rooms}.",
        "it": "Queste sì: {rooms}.",
    },
    "which_room": {
        "en": "Which room may it be? {choices}",
        "es": "¿Qué habitación desea? {choices}",
        "de": "Welches Zimmer darf es sein? {choices}",
        "fr": "Quelle chambre souhaitez-vous ? {choices}",
        "it": "Quale camera desidera? {choices}",
    },
    "no_such": {
        "en": "There is no {text}. There are: {choices}.",
        "es": "No hay {text}. Hay: {choices}.",
        "de": "{text} gibt es nicht. Es gibt: {choices}.",
        "fr": "Il n'y a pas de {text}. Il y a : {choices}.",
        "it": "Non c'è {text}. Ci sono: {choices}.",
    },
    "changed": {
        "en": "What was kept for you has expired, and the price or the terms are others now. "
        "Please ask again.",
        "es": "Lo que se le guardaba ha caducado y el precio o las condiciones han cambiado. "
        "Pregunte de nuevo, por favor.",
        "de": "Die Vormerkung ist abgelaufen, und Preis oder Bedingungen sind jetzt andere. "
        "Bitte fragen Sie noch einmal.",
        "fr": "Ce qui était gardé pour vous a expiré et le prix ou les conditions ont changé. "
        "Veuillez redemander.",
        "it": "Ciò che era tenuto per Lei è scaduto e il prezzo o le condizioni sono cambiati. "
        "Chieda di nuovo, per favore.",
    },
    "gone": {
        "en": "This is not kept for you any more. Please ask again.",
        "es": "Esto ya no está guardado para usted. Pregunte de nuevo, por favor.",
        "de": "Das ist nicht mehr für Sie vorgemerkt. Bitte fragen Sie noch einmal.",
        "fr": "Ceci n'est plus gardé pour vous. Veuillez redemander.",
        "it": "Questo non è più tenuto per Lei. Chieda di nuovo, per favore.",
    },
    "answer_first": {
        "en": "Rooms are kept for you already: {held}. Please say yes or no to that first.",
        "es": "Ya se le guardan habitaciones: {held}. Diga primero sí o no a eso, por favor.",
        "de": "Es sind schon Zimmer für Sie vorgemerkt: {held}. Bitte sagen Sie erst Ja oder Nein.",
        "fr": "Des chambres sont déjà gardées pour vous : {held}. Répondez d'abord oui ou non.",
        "it": "Ci sono già camere tenute per Lei: {held}. Dica prima sì o no, per favore.",
    },
    "name": {
        "en": "A name is needed.",
        "es": "Hace falta un nombre.",
        "de": "Ein Name wird gebraucht.",
        "fr": "Il faut un nom.",
        "it": "Serve un nome.",
    },
    # ---- whose it is
    "not_found": {
        "en": "There is no stay under this reference with that name or telephone number.",
        "es": "No hay ninguna estancia con esa referencia y ese nombre o teléfono.",
        "de": "Unter dieser Referenz gibt es keinen Aufenthalt mit diesem Namen oder dieser Nummer.",
        "fr": "Il n'y a aucun séjour sous cette référence avec ce nom ou ce numéro.",
        "it": "Non c'è alcun soggiorno con questo riferimento e quel nome o numero.",
    },
    "too_many": {
        "en": "There were too many tries. Our team can look it up.",
        "es": "Ha habido demasiados intentos. Nuestro equipo puede buscarlo.",
        "de": "Das waren zu viele Versuche. Unser Team kann nachsehen.",
        "fr": "Il y a eu trop d'essais. Notre équipe peut vérifier.",
        "it": "Ci sono stati troppi tentativi. Il nostro team può controllare.",
    },
    "none_own": {
        "en": "I know of no stay booked from here. Give me its reference and the name.",
        "es": "No veo ninguna estancia reservada desde aquí. Indique la referencia y el nombre.",
        "de": "Von hier aus ist kein Aufenthalt gebucht. Nennen Sie bitte Referenz und Namen.",
        "fr": "Je ne vois aucun séjour réservé d'ici. Donnez la référence et le nom.",
        "it": "Non vedo soggiorni prenotati da qui. Mi dia il riferimento e il nome.",
    },
    "which_stay": {
        "en": "Which stay is meant? {choices}.",
        "es": "¿Qué estancia es? {choices}.",
        "de": "Welcher Aufenthalt ist gemeint? {choices}.",
        "fr": "De quel séjour s'agit-il ? {choices}.",
        "it": "Quale soggiorno? {choices}.",
    },
    # ---- changes
    "cancelled_before": {
        "en": "It is cancelled already.",
        "es": "Ya está cancelada.",
        "de": "Schon storniert.",
        "fr": "C'est déjà annulé.",
        "it": "È già cancellata.",
    },
    "begun": {
        "en": "This stay has begun or is over: only our team can change it.",
        "es": "Esta estancia ha empezado o terminado: solo nuestro equipo puede cambiarla.",
        "de": "Dieser Aufenthalt hat begonnen oder ist vorbei: Das kann nur unser Team ändern.",
        "fr": "Ce séjour a commencé ou est terminé : seule notre équipe peut le modifier.",
        "it": "Questo soggiorno è iniziato o finito: solo il nostro team può cambiarlo.",
    },
    "late_fee": {
        "en": "Cancelling now costs {fee}. Do you want that?",
        "es": "Cancelar ahora cuesta {fee}. ¿Lo desea?",
        "de": "Stornieren kostet jetzt {fee}. Möchten Sie das?",
        "fr": "Annuler maintenant coûte {fee}. Le souhaitez-vous ?",
        "it": "Cancellare adesso costa {fee}. Lo desidera?",
    },
    "not_current": {
        "en": "Requests from a room are taken from the day of arrival to the day of departure. "
        "For anything else our team takes a message.",
        "es": "Las peticiones se aceptan desde el día de llegada hasta el de salida. "
        "Para lo demás, nuestro equipo toma un mensaje.",
        "de": "Wünsche nehmen wir vom Anreise- bis zum Abreisetag entgegen. "
        "Für anderes nimmt unser Team eine Nachricht an.",
        "fr": "Les demandes sont prises du jour d'arrivée au jour de départ. "
        "Pour le reste, notre équipe prend un message.",
        "it": "Le richieste si accettano dal giorno di arrivo a quello di partenza. "
        "Per altro il nostro team prende un messaggio.",
    },
    "late_over": {
        "en": "This stay is over or cancelled.",
        "es": "Esta estancia ha terminado o está cancelada.",
        "de": "Dieser Aufenthalt ist beendet oder storniert.",
        "fr": "Ce séjour est terminé ou annulé.",
        "it": "Questo soggiorno è finito o cancellato.",
    },
    "late_time": {
        "en": "Check-out is until {time} anyway; please name a later time.",
        "es": "La salida es hasta las {time}; indique una hora posterior.",
        "de": "Der Check-out geht ohnehin bis {time}; bitte nennen Sie eine spätere Zeit.",
        "fr": "Le départ est de toute façon jusqu'à {time} ; indiquez une heure plus tardive.",
        "it": "Il check-out è comunque fino alle {time}; indichi un'ora successiva.",
    },
    "nobody": {
        "en": "I cannot pass this on here. Please ask our team.",
        "es": "No puedo pasarlo desde aquí. Pregunte a nuestro equipo.",
        "de": "Das kann ich hier nicht weitergeben. Bitte fragen Sie unser Team.",
        "fr": "Je ne peux pas le transmettre ici. Demandez à notre équipe.",
        "it": "Non posso inoltrarlo da qui. Chieda al nostro team.",
    },
}
