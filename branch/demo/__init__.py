"""
The demo bank: its people, how they come in, and what they did; made by the bank's real operations.
`people.py` holds who they are, `logins.py` the file that tells how they come in.
"""
