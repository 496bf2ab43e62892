"""Home: the pages that look across the rooms. This week says what a person of the organization does next."""
