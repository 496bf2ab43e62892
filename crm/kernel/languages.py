"""Languages by BCP 47 tag, each named in itself, and the words by which spreadsheets and people call them."""

LANGUAGES: dict[str, str] = {"en": "English", "es": "Español", "vi": "Tiếng Việt", "zh": "中文", "so": "Soomaali", "ht": "Kreyòl"}
PAGE_LANGUAGES: tuple[str, ...] = ("en", "es")

_WORDS = {
    "english": "en", "eng": "en", "inglés": "en", "ingles": "en", "spanish": "es", "español": "es", "espanol": "es",
    "spa": "es", "castellano": "es", "vietnamese": "vi", "tiếng việt": "vi", "chinese": "zh", "mandarin": "zh",
    "cantonese": "zh", "somali": "so", "soomaali": "so", "haitian": "ht", "haitian creole": "ht", "kreyol": "ht", "kreyòl": "ht",
}


def read_language(text: str) -> str | None:
    """The tag for a word such as Spanish, español, es or es-MX; None when it names none that we know."""
    word = text.strip().casefold()
    return _WORDS.get(word) or (word[:2] if word[:2] in LANGUAGES and (len(word) == 2 or word[2:3] in "-_") else None)
