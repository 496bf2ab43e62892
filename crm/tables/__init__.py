"""Tables and their harvest: who sits with whom, what each table wrote, and what came of it.

Words: *round* (one division of a session's people among tables), *table*, *place* (somebody's seat at a table), *note* (a
sentence that a table wrote, by link from any phone), *theme* (notes that belong together), *proposal* (what the room could ask
for), *dots* (a table's points on proposals: a measure of the room, not a vote of a roll).
Who may: the convener divides and gathers. A table's link opens its own notes and dots and nothing else; it shows no name.
"""
