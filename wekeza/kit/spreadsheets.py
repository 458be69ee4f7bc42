"""Texts in files that people open with a spreadsheet, which runs what looks like a formula."""

# Half and full width: a spreadsheet of East Asia takes the wide ones too (CWE-1236, OWASP).
FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
CONTROLS = ("\t", "\r", "\n")


def as_text(cell: str) -> str:
    """
    This will keep a spreadsheet from running a cell: what begins like a formula, also behind white
    space, which some programs drop, gets an apostrophe in front.
    """
    is_a_formula = cell.lstrip().startswith(FORMULAS) or cell.startswith(CONTROLS)
    return f"'{cell}" if is_a_formula else cell
