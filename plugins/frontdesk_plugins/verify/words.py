"""What customers read about codes, by language. English is the default."""

from frontdesk import Business
from frontdesk.words import in_language

_WORDS: dict[str, dict[str, str]] = {
    "code": {
        "en": "{house}: your code is {code}. It is good for {minutes} minutes. Give it only in the "
        "chat where you asked for it.",
        "es": "{house}: su código es {code}. Vale {minutes} minutos. Indíquelo solo en el chat donde "
        "lo ha pedido.",
        "de": "{house}: Ihr Code ist {code}. Er gilt {minutes} Minuten. Geben Sie ihn nur in dem Chat "
        "an, in dem Sie ihn angefordert haben.",
        "fr": "{house} : votre code est {code}. Il est valable {minutes} minutes. Ne le donnez que "
        "dans le chat où vous l'avez demandé.",
        "it": "{house}: il Suo codice è {code}. Vale {minutes} minuti. Lo indichi solo nella chat in "
        "cui l'ha chiesto.",
    },
    "sent": {
        "en": "A code of six digits is on its way to {phone} by text message. What is it?",
        "es": "Hemos enviado un código de seis cifras por SMS al {phone}. ¿Cuál es?",
        "de": "Wir haben einen sechsstelligen Code per SMS an {phone} geschickt. Wie lautet er?",
        "fr": "Nous avons envoyé un code à six chiffres par SMS au {phone}. Quel est-il ?",
        "it": "Abbiamo mandato un codice di sei cifre per SMS al {phone}. Qual è?",
    },
    "verified": {
        "en": "Thank you, {phone} is yours: what was booked or ordered with it can be seen and "
        "changed here now.",
        "es": "Gracias, el {phone} es suyo: lo que se reservó o pidió con él se puede ver y cambiar "
        "aquí.",
        "de": "Danke, {phone} gehört Ihnen: Was damit gebucht oder bestellt wurde, lässt sich hier "
        "jetzt sehen und ändern.",
        "fr": "Merci, le {phone} est bien à vous : ce qui a été réservé ou commandé avec ce numéro "
        "peut maintenant être vu et modifié ici.",
        "it": "Grazie, il {phone} è Suo: ciò che è stato prenotato o ordinato con esso ora si può "
        "vedere e cambiare qui.",
    },
    "not_here": {
        "en": "Telephone numbers cannot be verified here, because we send no text messages.",
        "es": "Aquí no se pueden verificar números de teléfono, porque no enviamos SMS.",
        "de": "Telefonnummern lassen sich hier nicht prüfen, denn wir verschicken keine SMS.",
        "fr": "Les numéros ne peuvent pas être vérifiés ici, car nous n'envoyons pas de SMS.",
        "it": "Qui non si possono verificare numeri di telefono, perché non mandiamo SMS.",
    },
    "no_texts": {
        "en": "We cannot send text messages to {phone}.",
        "es": "No podemos enviar SMS al {phone}.",
        "de": "An {phone} können wir keine SMS schicken.",
        "fr": "Nous ne pouvons pas envoyer de SMS au {phone}.",
        "it": "Non possiamo mandare SMS al {phone}.",
    },
    "other_number": {
        "en": "This chat is verified for another telephone number already.",
        "es": "Este chat ya está verificado con otro número de teléfono.",
        "de": "Dieser Chat ist schon für eine andere Telefonnummer bestätigt.",
        "fr": "Cette conversation est déjà vérifiée pour un autre numéro.",
        "it": "Questa chat è già verificata per un altro numero.",
    },
    "too_often": {
        "en": "Too many codes were asked for. Please try again in {minutes} minutes.",
        "es": "Se han pedido demasiados códigos. Inténtelo de nuevo en {minutes} minutos.",
        "de": "Es wurden zu viele Codes angefordert. Bitte versuchen Sie es in {minutes} Minuten "
        "wieder.",
        "fr": "Trop de codes ont été demandés. Veuillez réessayer dans {minutes} minutes.",
        "it": "Sono stati chiesti troppi codici. Riprovi tra {minutes} minuti.",
    },
    "wrong": {
        "en": "That is not the code that was sent to {phone}. Please look again.",
        "es": "Ese no es el código enviado al {phone}. Compruébelo, por favor.",
        "de": "Das ist nicht der Code, der an {phone} ging. Bitte sehen Sie noch einmal nach.",
        "fr": "Ce n'est pas le code envoyé au {phone}. Veuillez vérifier.",
        "it": "Non è il codice mandato al {phone}. Controlli, per favore.",
    },
    "no_code": {
        "en": "There is no code any more that counts for {phone}. A new one can be sent.",
        "es": "Ya no hay ningún código válido para el {phone}. Se puede enviar otro.",
        "de": "Für {phone} gilt kein Code mehr. Es kann ein neuer geschickt werden.",
        "fr": "Aucun code n'est plus valable pour le {phone}. Un autre peut être envoyé.",
        "it": "Non c'è più un codice valido per il {phone}. Se ne può mandare un altro.",
    },
}


def say(business: Business, key: str, **values: object) -> str:
    table = _WORDS[key]
    return in_language(business, table).format_map(values)
