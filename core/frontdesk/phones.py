"""Telephone numbers as customers write them."""

from frontdesk import words
from frontdesk.business import Business
from frontdesk.errors import ActionError


def read(text: str, country: str) -> str | None:
    """The number in E.164 form; None when it cannot be one. Without a country code it is of
    `country` (ISO 3166).

    A local one without its area code stays as it is: E.164 would make another number of it.
    """
    import phonenumbers  # noqa: PLC0415  70 ms that a start does not need

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    local = phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY
    if phonenumbers.is_possible_number_with_reason(number) == local:
        return phonenumbers.national_significant_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def of_customer(business: Business, text: str) -> str:
    """The number that a customer gave. Raises ActionError, in the business's language."""
    number = read(text, business.country)
    if number is None:
        raise ActionError(words.no_phone(business, text[:40]), needs="phone")
    return number


def shown(number: str) -> str:
    """As it is read internationally: "+1 212-555-0123". What is no such number stays as it is."""
    import phonenumbers  # noqa: PLC0415

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
