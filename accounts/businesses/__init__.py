"""
Businesses: who they are, who acts for them and how many must sign. `mandates.py` holds who must
approve what, `invitations.py` how people join, `changes.py` what takes two directors, `refusals.py`
the words of every no.
"""
