"""Telephone numbers as customers write them."""

from frontdesk import ActionError


def read_phone(text: str, country: str) -> str:
    """The number in E.164 form. One without a country code is of `country` (ISO 3166).

    A local one without its area code stays as it is: E.164 would make another number of it.
    Raises ActionError when it cannot be a number.
    """
    import phonenumbers  # noqa: PLC0415  70 ms that a start does not need

    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ActionError(
            f"{text[:40]!r} is not a telephone number. Ask for it with its area code."
        )
    local = phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY
    if phonenumbers.is_possible_number_with_reason(number) == local:
        return phonenumbers.national_significant_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
