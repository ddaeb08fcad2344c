"""The words that tell a guest of a stay booked or cancelled, as `frontdesk.plain` makes them.

That a room is booked in general words is a claim of the engine's own; these are a hotel's.
"""

from frontdesk.actions import Claim

_EN = r"(?:room|suite|stay|nights?|double|king|queen)s?"
_ES = r"(?:habitacion|suite|estancia|noches?)(?:es)?"
_DE = r"(?:zimmer|suite|aufenthalt|nachte?|naechte|ubernachtung(?:en)?|uebernachtung(?:en)?)"
_FR = r"(?:chambre|suite|sejour|nuit)s?"
_IT = r"(?:camer[ae]|suite|soggiorno|nott[ei])"

BOOKED = Claim(
    kind="stay_booked",
    patterns={
        "en": (
            (
                rf"\b(?:your|the|this) (?:\w+ ){{0,3}}?{_EN} (?:is|are|has been|have been|was) "
                r"(?:now |already |all )?(?:booked|confirmed|reserved|guaranteed|secured|blocked|set)\b"
            ),
            (
                rf"\b(?:i|we)(?:ve| have)? (?:just |now )?(?:booked|reserved|blocked|confirmed|secured) "
                rf"(?:you |your |a |the )?(?:\w+ ){{0,2}}?{_EN}\b"
            ),
        ),
        "es": (
            (
                rf"\b(?:su|tu|la) (?:\w+ ){{0,2}}?{_ES} (?:esta|queda|ha quedado|ha sido) (?:ya )?"
                r"(?:reservad|confirmad|garantizad)[oa]s?\b"
            ),
            rf"\b(?:he|hemos) (?:ya )?(?:reservado|confirmado) (?:su |tu |la |una )?{_ES}\b",
        ),
        "de": (
            (
                rf"\b(?:ihre?n?|das|der|die) (?:\w+ ){{0,2}}?{_DE} (?:ist|sind|wurde|wurden) "
                r"(?:\w+ ){0,3}?(?:gebucht|reserviert|bestatigt|bestaetigt|garantiert)\b"
            ),
            rf"\b(?:habe|haben) (?:\w+ ){{0,4}}?{_DE} (?:\w+ ){{0,3}}?(?:gebucht|reserviert)\b",
        ),
        "fr": (
            (
                rf"\b(?:votre|vos|la|le) (?:\w+ ){{0,2}}?{_FR} (?:est|sont|a ete|ont ete) (?:bien )?"
                r"(?:reserve|confirme|garanti)e?s?\b"
            ),
            rf"\b(?:jai|nous avons) (?:bien )?(?:reserve|confirme) (?:votre |la |une )?{_FR}\b",
        ),
        "it": (
            (
                rf"\b(?:la sua|il suo|la|il) (?:\w+ ){{0,2}}?{_IT} (?:e|e stat[oa]|risulta) (?:gia )?"
                r"(?:prenotat|confermat|riservat|garantit)[oaei]\b"
            ),
            rf"\b(?:ho|abbiamo) (?:gia )?(?:prenotato|riservato|confermato) (?:la |una )?{_IT}\b",
        ),
    },
)

CANCELLED = Claim(
    kind="stay_cancelled",
    patterns={
        "en": (
            (
                rf"\b(?:your|the|this) (?:\w+ ){{0,3}}?{_EN} (?:is|are|has been|have been|was) "
                r"(?:now |already )?cancell?ed\b"
            ),
            rf"\b(?:i|we)(?:ve| have)? (?:just |now )?cancell?ed (?:your |the )?(?:\w+ )?{_EN}\b",
        ),
        "es": (
            (
                rf"\b(?:su|tu|la) (?:\w+ ){{0,2}}?{_ES} (?:esta|queda|ha quedado|ha sido) (?:ya )?"
                r"(?:cancelad|anulad)[oa]s?\b"
            ),
        ),
        "de": (
            (
                rf"\b(?:ihre?n?|das|der|die) (?:\w+ ){{0,2}}?{_DE} (?:ist|sind|wurde|wurden) "
                r"(?:\w+ ){0,3}?storniert\b"
            ),
        ),
        "fr": (
            (
                rf"\b(?:votre|vos|la|le) (?:\w+ ){{0,2}}?{_FR} (?:est|sont|a ete|ont ete) (?:bien )?"
                r"annulee?s?\b"
            ),
        ),
        "it": (
            (
                rf"\b(?:la sua|il suo|la|il) (?:\w+ ){{0,2}}?{_IT} (?:e|e stat[oa]) (?:gia )?"
                r"(?:cancellat|annullat|disdett)[oaei]\b"
            ),
        ),
    },
)
