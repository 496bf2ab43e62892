"""The lottery: seats drawn from a list of people under quotas, by a public seed that anyone can run again."""

METHODS = ("exact", "maximin")
