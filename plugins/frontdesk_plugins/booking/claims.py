"""The words that tell a customer of a booking made, moved, cancelled, held, or waited for.

They match what is said of the customer's own booking, not that a time is taken ("it is fully
booked"). Apostrophes are straight or curly; questions, conditions and denials are the engine's.
"""

from frontdesk.actions import Claim

_I_HAVE = r"\b(?:I|we)(?:['\u2019]ve| have)(?: just| now| already| also| gone ahead and)*"
_IS = r"(?:['\u2019]s| is| are| has been| have been| was)(?: now| all| also| successfully)*"
_THING = {
    "en": r"(?:[\w-]+ ){0,3}?"
    r"(?:booking|reservation|table|appointment|spot|place|seat|slot|visit|class|session)\b",
    "es": r"(?:reserva|mesa|cita|plaza|clase)\b",
    "de": r"(?:\w+ ){0,2}?(?:Buchung|Reservierung|Tischreservierung|Tisch|Termin|Platz|Kurs)\b",
    "fr": r"(?:réservation|table|rendez-vous|place|cours|séance)\b",
    "it": r"(?:prenotazione|tavolo|appuntamento|posto|corso)\b",
}
_YOUR = {"en": "your|this", "es": "su|tu|esta", "de": "Ihre?n?|deine?n?", "fr": "votre|cette|ce",
         "it": "la sua|il suo|la tua|il tuo"}  # fmt: skip
_THE = {"en": "the", "es": "la", "de": "die|der|den", "fr": "la|le", "it": "la|il"}


def _yours(language: str) -> str:
    return rf"\b(?:{_YOUR[language]}) {_THING[language]}"


def _any(language: str) -> str:
    """Also "the table": one that is cancelled or moved is the customer's, one that is booked may be
    another's."""
    return rf"\b(?:{_YOUR[language]}|{_THE[language]}) {_THING[language]}"


BOOKED = Claim(
    kind="booked",
    patterns={
        "en": (
            rf"{_I_HAVE} (?:booked|reserved)\b",
            rf"\b(?:your|this) [^.;:!?]{{1,60}}?{_IS} (?:booked|reserved|confirmed)\b",
            r"\byou(?:['\u2019]re| are)(?: now| all)* (?:booked|confirmed|booked in|down for)\b",
            r"\b(?:booking|reservation|appointment) (?:is )?(?:confirmed|complete)\b",
            r"\bI(?:['\u2019]ve| have) (?:got |put )?you (?:in|down) for\b",
            r"\bbooked you\b",
            r"\b(?:booked|reserved) (?:it |that |a table |a spot )?for you\b",
        ),
        "es": (
            r"\b(?:he|hemos|le he|te he|ya he) (?:reservado|hecho la reserva)\b",
            (
                rf"{_yours('es')}[^.;:!?]{{0,60}}? (?:está|queda|ha quedado|quedó) "
                r"(?:ya )?(?:reservad|confirmad|hech)[oa]\b"
            ),
            r"\b(?:reserva|cita) confirmada\b",
            r"\b(?:tiene|tienes) (?:ya )?(?:su |tu |una )?(?:mesa|cita|plaza) reservada\b",
            r"\bqueda(?:do)? reservad[oa]\b",
        ),
        "de": (
            r"\b(?:habe|haben)\b[^.;:!?]{0,80}\b(?:gebucht|reserviert|eingetragen)\b",
            (
                rf"{_yours('de')}[^.;:!?]{{0,80}}? (?:ist|wurde|sind)\b[^.;:!?]{{0,60}}?"
                r"\b(?:gebucht|reserviert|bestätigt)\b"
            ),
            r"\b(?:Buchung|Reservierung|Termin) (?:ist )?bestätigt\b",
            r"\bSie sind\b[^.;:!?]{0,40}\b(?:gebucht|eingetragen)\b",
        ),
        "fr": (
            r"\b(?:j['\u2019]ai|nous avons|je vous ai)(?: bien| déjà)? (?:réservé|confirmé)\b",
            (
                rf"{_yours('fr')}[^.;:!?]{{0,60}}? (?:est|a été)(?: bien| maintenant)? "
                r"(?:réservée?|confirmée?)\b"
            ),
            r"\bréservation confirmée\b",
            r"\bc['\u2019]est (?:bien )?réservé\b",
        ),
        "it": (
            r"\b(?:ho|abbiamo)(?: già| appena)? (?:prenotato|riservato|confermato)\b",
            (
                rf"{_yours('it')}[^.;:!?]{{0,60}}? (?:è|è stat[oa]|risulta)(?: ora| già)? "
                r"(?:prenotat|riservat|confermat)[oa]\b"
            ),
            r"\bprenotazione confermata\b",
            r"\bè (?:tutto )?prenotato per (?:lei|te)\b",
        ),
    },
)

MOVED = Claim(
    kind="moved",
    patterns={
        "en": (
            (
                rf"{_I_HAVE} (?:moved|rescheduled|changed|rebooked|shifted)\b"
                r"[^.;:!?]{0,40}\b(?:booking|reservation|appointment|table|it|you)\b"
            ),
            rf"{_any('en')}[^.;:!?]{{0,40}}?{_IS} (?:moved|rescheduled|changed|rebooked)\b",
            r"\bmoved (?:your|the) (?:booking|reservation|appointment|table)\b",
        ),
        "es": (
            (
                r"\b(?:he|hemos) (?:cambiado|movido|pasado|modificado)\b[^.;:!?]{0,30}"
                r"\b(?:reserva|cita|mesa)\b"
            ),
            (
                rf"{_any('es')}[^.;:!?]{{0,40}}? (?:se ha|ha sido|queda|está) "
                r"(?:cambiad|movid|modificad)[oa]\b"
            ),
        ),
        "de": (
            r"\b(?:habe|haben)\b[^.;:!?]{0,80}\b(?:verlegt|verschoben|umgebucht|geändert)\b",
            (
                rf"{_any('de')}[^.;:!?]{{0,60}}? (?:ist|wurde)\b[^.;:!?]{{0,50}}?"
                r"\b(?:verlegt|verschoben|umgebucht|geändert)\b"
            ),
        ),
        "fr": (
            (
                r"\b(?:j['\u2019]ai|nous avons)(?: bien)? (?:déplacé|modifié|reporté|changé)\b[^.;:!?]{0,30}"
                r"\b(?:réservation|rendez-vous|table)\b"
            ),
            (
                rf"{_any('fr')}[^.;:!?]{{0,40}}? (?:est|a été)(?: bien)? "
                r"(?:déplacée?|modifiée?|reportée?|changée?)\b"
            ),
        ),
        "it": (
            (
                r"\b(?:ho|abbiamo) (?:spostato|cambiato|modificato)\b[^.;:!?]{0,30}"
                r"\b(?:prenotazione|appuntamento|tavolo)\b"
            ),
            rf"{_any('it')}[^.;:!?]{{0,40}}? (?:è|è stat[oa]) (?:spostat|cambiat|modificat)[oa]\b",
        ),
    },
)

CANCELLED = Claim(
    kind="cancelled",
    patterns={
        "en": (
            rf"{_I_HAVE} (?:cancelled|canceled)\b",
            rf"{_any('en')}[^.;:!?]{{0,60}}?{_IS} (?:cancelled|canceled)\b",
            r"\b(?:cancelled|canceled) (?:your|the) (?:booking|reservation|appointment|table)\b",
            r"\bit(?:['\u2019]s| is| has been)(?: now)? (?:cancelled|canceled)\b",
        ),
        "es": (
            r"\b(?:he|hemos|le he|te he) (?:cancelado|anulado)\b",
            (
                rf"{_any('es')}[^.;:!?]{{0,60}}? (?:está|queda|ha quedado|ha sido|se ha) "
                r"(?:ya )?(?:cancelad|anulad)[oa]\b"
            ),
        ),
        "de": (
            r"\b(?:habe|haben)\b[^.;:!?]{0,80}\b(?:storniert|abgesagt)\b",
            rf"{_any('de')}[^.;:!?]{{0,60}}? (?:ist|wurde)\b[^.;:!?]{{0,50}}?\b(?:storniert|abgesagt)\b",
        ),
        "fr": (
            r"\b(?:j['\u2019]ai|nous avons)(?: bien)? annulé\b",
            rf"{_any('fr')}[^.;:!?]{{0,60}}? (?:est|a été)(?: bien)? annulée?\b",
        ),
        "it": (
            r"\b(?:ho|abbiamo) (?:annullato|cancellato|disdetto)\b",
            rf"{_any('it')}[^.;:!?]{{0,60}}? (?:è|è stat[oa]) (?:annullat|cancellat|disdett)[oa]\b",
        ),
    },
)

HELD = Claim(
    kind="held",
    patterns={
        "en": (
            r"\b(?:I|we)(?:['\u2019]m| am|['\u2019]re| are)(?: now)? holding\b",
            rf"{_I_HAVE} (?:held|put)\b[^.;:!?]{{0,40}}\b(?:for you|on hold)\b",
            r"(?:['\u2019]s| is| are)(?: now| being)? (?:held|on hold) (?:for you|until)\b",
        ),
        "es": (
            r"\b(?:le|te) (?:guardo|guardamos|he guardado|hemos guardado)\b",
            r"\b(?:está|queda) guardad[oa]\b",
        ),
        "de": (
            r"\bhalte\b[^.;:!?]{0,60}\b(?:frei|fest)\b",
            r"\b(?:ist|wird|wurde|habe|haben)\b[^.;:!?]{0,60}\b(?:freigehalten|zurückgehalten)\b",
        ),
        "fr": (
            r"\bje vous (?:garde|ai gardé)\b",
            r"\b(?:est|a été) (?:gardée?|bloquée?) pour vous\b",
        ),
        "it": (
            r"\ble (?:tengo|ho tenuto)\b",
            r"\bè (?:tenut|bloccat)[oa] per lei\b",
        ),
    },
)

WAITLISTED = Claim(
    kind="waitlisted",
    patterns={
        "en": (
            r"\byou(?:['\u2019]re| are)(?: now)? on (?:the|our) (?:waiting list|waitlist)\b",
            r"\b(?:added|put) you (?:to|on) (?:the|our) (?:waiting list|waitlist)\b",
        ),
        "es": (
            r"\b(?:está|estás|queda|quedas)(?: ya)? en (?:la|nuestra) lista de espera\b",
            r"\b(?:le|te) (?:he|hemos) (?:apuntado|puesto|añadido)\b[^.;:!?]{0,20}\blista de espera\b",
        ),
        "de": (
            r"\b(?:Sie sind|Sie stehen|du bist|du stehst)\b[^.;:!?]{0,30}\bWarteliste\b",
            r"\b(?:habe|haben)\b[^.;:!?]{0,40}\bWarteliste\b[^.;:!?]{0,20}\b(?:gesetzt|eingetragen)\b",
        ),
        "fr": (
            r"\bvous êtes(?: maintenant| bien)? (?:sur|inscrite? sur) (?:la|notre) liste d['\u2019]attente\b",
            r"\bje vous ai (?:inscrite?|ajoutée?|mise?)\b[^.;:!?]{0,20}\bliste d['\u2019]attente\b",
        ),
        "it": (
            r"\b(?:è|sei)(?: ora| già)? (?:in|nella) (?:nostra )?lista d['\u2019]attesa\b",
            (
                r"\b(?:l['\u2019]ho|ti ho) (?:messa|messo|aggiunta|aggiunto|inserita|inserito)\b"
                r"[^.;:!?]{0,20}\blista d['\u2019]attesa\b"
            ),
        ),
    },
)
