"""From records to people: pure functions on Arrow tables and numpy arrays; no Django in here.

    values → reading → pairs → weighing → matching → merging → households

`run` is the whole way, `changes` the same for what changed; `config` is what an analyst wrote, `judging` what people
are asked and told. A package knows only those before it, which `make lint` checks.

Records are numbered 0…n−1 in order of trust, then key (`rid`); every value is compared as a code into a dictionary of
distinct normalised values, −1 being unknown. Unknown never equals anything.
"""
