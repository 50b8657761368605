"""Pure arithmetic and dated tables of the law: no window, no database.

Every table is a tuple named `SEED` of plain dated rows. The store copies them into sheets that a center edits,
so no rate or term is a constant of the program: a function takes the rows it should judge by.

`checked_on` is the day on which a row was compared with its source. `confirmed` means that the text of the act
itself was read; a row taken second-hand stays unconfirmed until somebody reads the act. `valid_from` is the first
day on which the desk cites a row: where the day of its entry into force is not known, the source says so.
"""
