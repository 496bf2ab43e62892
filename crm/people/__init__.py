"""People: one organization's record of the humans it organizes with, how they are found, and how they came in.

Words. A *person* has several phones and e-mail addresses; one of each is preferred. *Standing*: contact, supporter,
member, lapsed. *Rung* (0 to 5) and *assessment* (1 strong support to 5 opposed) are the current values; their history is
leadership's. A *tag* is a word put on people; a *note* is what an organizer wrote down. A *segment* is a saved filter: a
tree of *facts* that becomes one SQL statement. An *import* is one spreadsheet on its way in.

States. Import: mapping -> checking -> review -> applying -> applied -> undoing -> undone (undoing may begin while
applying is stopped). Import row: planned ->
applied -> undone | kept.

Who may. Administrators, organizers and coalition leads edit and import; volunteers and read-only see people with masked
phones. Nobody sees another organization's people.
"""
