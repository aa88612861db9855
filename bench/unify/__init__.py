"""Who is who, against others: our unification, rules written by hand in SQL, and splink, on the same data.

Every contender reads the same Parquet files and writes who is who, in a process of its own.
"""
