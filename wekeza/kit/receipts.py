"""Receipt numbers: a prefix and seven characters that people can read out (MV-7K2Q9FX)."""

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U.
SPAN = 32**7
_FACTORS = (25_214_903_917 % SPAN | 1, 22_695_477_001 % SPAN | 1)


def receipt_no(prefix: str, serial: int) -> str:
    """
    This will give the receipt number of a serial: seven characters that look random, but never
    collide, because every step is a one-to-one map of the numbers below 32**7.
    """
    if not 0 < serial < SPAN:
        raise ValueError(f"serial {serial} has no receipt number")
    mixed = serial
    for factor in _FACTORS:
        mixed = mixed * factor % SPAN
        mixed ^= mixed >> 18
    characters = []
    for _ in range(7):
        mixed, digit = divmod(mixed, 32)
        characters.append(ALPHABET[digit])
    return f"{prefix}-{''.join(reversed(characters))}"


def serial_of(number: str) -> int | None:
    """This will give the serial that a receipt number was made of; None if it has not its shape."""
    body = number.partition("-")[2]
    if len(body) != 7 or not set(body) <= set(ALPHABET):
        return None
    serial = 0
    for character in body:
        serial = serial * 32 + ALPHABET.index(character)
    for factor in reversed(_FACTORS):
        serial ^= serial >> 18
        serial = serial * pow(factor, -1, SPAN) % SPAN
    return serial


def normalised(text: str) -> str:
    """This will read a receipt number as people write it: any case, O for 0, I and L for 1."""
    prefix, _, body = text.strip().upper().partition("-")
    return f"{prefix}-{body.translate(str.maketrans('OIL', '011'))}"
