"""What customers read, in five languages, and the words that claim more."""

import re
import string
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support_booking import ADA, MONDAY, SALON, Caller, bookings

from frontdesk.actions import Claim
from frontdesk_plugins.booking import claims, refusals, words
from frontdesk_plugins.booking.words import length, say

LANGUAGES = ("en", "es", "de", "fr", "it")
TABLES: dict[str, dict[str, str]] = words._WORDS | refusals.REFUSALS


def in_language(language: str) -> Any:
    return msgspec.structs.replace(SALON, locale=language)


@pytest.mark.parametrize("key", list(TABLES))
def test_every_sentence_is_there_with_the_same_parts(key: str) -> None:
    assert tuple(TABLES[key]) == LANGUAGES
    parts = {
        language: {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for language, text in TABLES[key].items()
    }
    assert len({frozenset(names) for names in parts.values()}) == 1
    values = dict.fromkeys(parts["en"], "{x} %s")
    for language in LANGUAGES:
        said = say(in_language(language), key, **values)
        assert said.count("{x} %s") >= len(values)  # what customers typed is no template


def test_a_language_without_words_reads_english() -> None:
    assert say(in_language("pl"), "name") == "A name is needed for the booking."


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 minutes"), (1, "1 minute"), (90, "90 minutes"), (60, "1 hour"), (120, "2 hours"),
     (1440, "1 day"), (2880, "2 days"), (1500, "25 hours")],
)  # fmt: skip
def test_lengths(minutes: int, said: str) -> None:
    assert length(in_language("en"), minutes) == said


@pytest.mark.parametrize(
    ("language", "booked", "free", "full"),
    [
        ("es", ("Reservado: Haircut, lun, 23 nov, 15:00 con Ana, 40,00 €, a nombre de Ada Lovelace. "
         "Referencia {}."), "lun, 23 nov, 15:00: está libre.", "está completo"),
        ("de", ("Gebucht: Haircut, Mo., 23. Nov., 15:00 bei Ana, 40,00 €, für Ada Lovelace. "
         "Buchungsnummer {}."), "Mo., 23. Nov., 15:00 ist frei.", "ist ausgebucht"),
        ("fr", ("Réservé : Haircut, lun. 23 nov., 15:00 avec Ana, 40,00 €, au nom de Ada Lovelace. "
         "Référence {}."), "lun. 23 nov., 15:00 : c'est disponible.", "c'est complet"),
        ("it", ("Prenotato: Haircut, lun 23 nov, 15:00 con Ana, 40,00 €, a nome di Ada Lovelace. "
         "Codice {}."), "lun 23 nov, 15:00: è libero.", "è tutto prenotato"),
    ],
)  # fmt: skip
async def test_a_booking_in_the_language_of_the_business(
    tmp_path: Path, language: str, booked: str, free: str, full: str
) -> None:
    async with bookings(tmp_path, in_language(language)) as desk:
        ada = await Caller.arrive(desk, SALON)
        cut: dict[str, Any] = {"service": "cut", "date": MONDAY, "time": "15:00"}
        assert (await ada.run("check_availability", **cut))["message"] == free
        done = await ada.run("create_booking", **cut, **ADA)
        assert done["message"] == booked.format(done["reference"])
        assert done["date"] == MONDAY
        again = {"resource": "ana"} | cut
        assert full in (await ada.refusal("create_booking", **again, **ADA)).message


# ---- claims ----------------------------------------------------------------------------------

CLAIMS = {one.kind: one for one in (claims.BOOKED, claims.MOVED, claims.CANCELLED, claims.HELD,
                                    claims.WAITLISTED)}  # fmt: skip
SAID = {
    ("booked", "en"): [
        "You're all booked for Tuesday.", "You\u2019re booked!", "I've booked a table for four",
        "I have reserved your table for 7 PM", "your table for four is now confirmed",
        "Your reservation has been confirmed", "Booking confirmed, see you then",
        "We've gone ahead and booked that for you", "Your haircut with Ana is booked",
        "I've got you down for 7 PM", "your appointment on Friday is all booked",
    ],
    ("booked", "es"): [
        "He reservado una mesa", "Su mesa está reservada", "Su reserva para el martes queda confirmada",
        "Ya tiene mesa reservada", "Reserva confirmada", "Le he reservado una cita",
    ],
    ("booked", "de"): [
        "Ich habe Ihnen einen Tisch reserviert", "Ihr Tisch ist für 19 Uhr reserviert",
        "Ihre Buchung wurde bestätigt", "Reservierung bestätigt", "Ich habe den Termin eingetragen",
    ],
    ("booked", "fr"): [
        "J'ai réservé une table", "J\u2019ai bien réservé votre table", "Votre table est réservée",
        "Votre réservation a été confirmée", "C'est réservé",
    ],
    ("booked", "it"): [
        "Ho prenotato un tavolo", "La sua prenotazione è confermata", "Prenotazione confermata",
        "Il suo tavolo è stato riservato",
    ],
    ("moved", "en"): [
        "I've moved your booking to 8 PM", "Your reservation has been changed to Friday",
        "I have rescheduled your appointment",
    ],
    ("moved", "es"): ["He cambiado su reserva al viernes", "Su cita ha sido cambiada"],
    ("moved", "de"): ["Ich habe Ihre Buchung auf Freitag verlegt", "Ihr Termin wurde verschoben"],
    ("moved", "fr"): ["J'ai déplacé votre réservation", "Votre réservation a été modifiée"],
    ("moved", "it"): ["Ho spostato la prenotazione", "La sua prenotazione è stata spostata"],
    ("cancelled", "en"): [
        "Your booking is cancelled", "I've canceled it", "Your reservation for Friday has been cancelled",
        "It's been cancelled: the booking is canceled",
    ],
    ("cancelled", "es"): ["He cancelado la reserva", "Su reserva ha sido cancelada"],
    ("cancelled", "de"): ["Ihre Buchung ist storniert", "Ich habe die Reservierung storniert"],
    ("cancelled", "fr"): ["J'ai annulé la réservation", "Votre réservation est annulée"],
    ("cancelled", "it"): ["Ho annullato la prenotazione", "La prenotazione è stata annullata"],
    ("held", "en"): [
        "I'm holding the table for you", "The table is held for you until 7:05", "I've put it on hold",
    ],
    ("held", "es"): ["Le guardo la mesa", "La mesa está guardada"],
    ("held", "de"): ["Ich halte den Tisch für Sie frei", "Der Tisch wird freigehalten"],
    ("held", "fr"): ["Je vous garde la table"],
    ("held", "it"): ["Le tengo il tavolo"],
    ("waitlisted", "en"): ["You're on the waiting list", "I've added you to the waitlist"],
    ("waitlisted", "es"): ["Está en la lista de espera"],
    ("waitlisted", "de"): ["Sie stehen auf der Warteliste", "Ich habe Sie auf die Warteliste gesetzt"],
    ("waitlisted", "fr"): ["Vous êtes sur la liste d'attente"],
    ("waitlisted", "it"): ["È in lista d'attesa"],
}  # fmt: skip
NOT_SAID = {
    "en": [
        "Seven is fully booked.", "The table at seven is booked by someone else",
        "Shall I book a table for you", "I can book that for you", "We are booked out on Friday",
        "What name is the booking under", "Would you like to move it to eight",
        "You can cancel until two hours before", "There is a waiting list", "I will hold on",
        "The restaurant is closed on Monday", "Your table will be by the window",
    ],
    "es": ["¿Quiere reservar una mesa?", "La mesa de las siete está reservada", "Está completo"],
    "de": ["Soll ich einen Tisch reservieren", "Der Tisch um sieben ist leider weg", "Ausgebucht"],
    "fr": ["Voulez-vous réserver une table", "C'est complet", "La table de 19 h est prise"],
    "it": ["Vuole prenotare un tavolo", "È tutto prenotato", "Posso spostare la prenotazione"],
}  # fmt: skip


def claimed(claim: Claim, language: str, sentence: str) -> bool:
    return any(re.search(p, sentence, re.IGNORECASE) for p in claim.patterns[language])


@pytest.mark.parametrize(("kind", "language"), list(SAID))
def test_claims_are_understood(kind: str, language: str) -> None:
    for sentence in SAID[kind, language]:
        assert claimed(CLAIMS[kind], language, sentence), sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_claims_nothing(language: str) -> None:
    for sentence in NOT_SAID[language]:
        kinds = [kind for kind, claim in CLAIMS.items() if claimed(claim, language, sentence)]
        assert kinds == [], sentence
    for claim in CLAIMS.values():
        assert tuple(claim.patterns) == LANGUAGES
