"""What words claim that a person comes or that a message was taken."""

import re

import pytest

from frontdesk_plugins.handoff import words
from frontdesk_plugins.handoff.claims import read_claims

CLAIMS = [
    ("en", "handed_off", "I'm connecting you with a colleague now."),
    ("en", "handed_off", "I\u2019m transferring you to the manager."),
    ("en", "handed_off", "I've passed you on to our team."),
    ("en", "handed_off", "I have notified the team."),
    ("en", "handed_off", "A colleague will join this chat shortly, they will be with you soon."),
    ("en", "handed_off", "You are being transferred."),
    ("en", "message_taken", "I've passed your message on to the team."),
    ("en", "message_taken", "I have taken a message for the manager."),
    ("en", "message_taken", "A colleague will call you back tomorrow."),
    ("en", "message_taken", "Someone from our team will get back to you."),
    ("en", "message_taken", "You'll get a call this afternoon."),
    ("es", "handed_off", "Le paso con un compañero."),
    ("es", "handed_off", "He avisado a una persona del equipo."),
    ("es", "message_taken", "He pasado su mensaje al equipo."),
    ("es", "message_taken", "He anotado su recado."),
    ("es", "message_taken", "Alguien de nuestro equipo le llamará mañana."),
    ("de", "handed_off", "Ich verbinde Sie mit einer Kollegin."),
    ("de", "handed_off", "Ich hole jemanden aus dem Team."),
    ("de", "handed_off", "Ich habe soeben eine Kollegin informiert."),
    ("de", "message_taken", "Ich habe Ihre Nachricht an das Team weitergeleitet."),
    ("de", "message_taken", "Jemand aus unserem Team meldet sich bei Ihnen."),
    ("de", "message_taken", "Ihre Nachricht wurde notiert."),
    ("fr", "handed_off", "Je vous mets en relation avec un collègue."),
    ("fr", "handed_off", "J'ai prévenu notre équipe."),
    ("fr", "message_taken", "J'ai bien transmis votre message."),
    ("fr", "message_taken", "Un collègue vous rappellera demain."),
    ("it", "handed_off", "La metto in contatto con un collega."),
    ("it", "handed_off", "Ho avvisato il responsabile."),
    ("it", "message_taken", "Ho inoltrato il suo messaggio."),
    ("it", "message_taken", "Un collega la richiamerà domani."),
]
HARMLESS = [
    ("en", "May I take a message for them?"),
    ("en", "I've noted your details: four guests on Friday."),
    ("en", "Your table is booked, and I've sent the confirmation by text."),
    ("en", "You can reach our team by telephone."),
    ("en", "Our team is here from nine to five."),
    ("es", "¿Quiere que tome un recado?"),
    ("es", "He anotado su petición de una mesa junto a la ventana."),
    ("es", "Nuestro equipo está de lunes a viernes."),
    ("de", "Darf ich eine Nachricht aufnehmen?"),
    ("de", "Unser Team ist von Montag bis Freitag da."),
    ("de", "Ich habe Ihren Wunsch nach einem Fensterplatz notiert."),
    ("fr", "Puis-je prendre un message ?"),
    ("fr", "J'ai noté votre demande pour une table en terrasse."),
    ("it", "Posso prendere un messaggio?"),
    ("it", "Ho annotato la sua richiesta di un tavolo all'aperto."),
]


def kinds_in(language: str, text: str) -> set[str]:
    return {
        kind
        for kind, claim in read_claims().items()
        for pattern in claim.patterns[language]
        if re.search(pattern, text, re.IGNORECASE)
    }


@pytest.mark.parametrize(("language", "kind", "text"), CLAIMS)
def test_words_that_claim_a_person_or_a_message(language: str, kind: str, text: str) -> None:
    assert kind in kinds_in(language, text)


@pytest.mark.parametrize(("language", "text"), HARMLESS)
def test_words_that_claim_neither(language: str, text: str) -> None:
    assert kinds_in(language, text) == set()


def test_our_own_words_claim_what_they_say_and_no_more() -> None:
    for what, table in words._WORDS.items():
        expected = {"coming": {"handed_off"}, "taken": {"message_taken"}}.get(what, set())
        assert set(table) == {"en", "es", "de", "fr", "it"}
        for language, text in table.items():
            assert kinds_in(language, text) == expected, (what, language)
