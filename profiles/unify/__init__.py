"""From records to people: pure functions on Arrow tables and numpy arrays; no Django in here.

    records → suggest → match (block, score) → cluster → identify → merge

Records are numbered 0…n−1 in order of trust, then key (`rid`); every value is compared as a code into a dictionary of
distinct normalised values, −1 being unknown. Unknown never equals anything.
"""
