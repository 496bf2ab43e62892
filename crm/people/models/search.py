"""What typed search looks through: one row of folded words for each person."""

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from crm.infra.db import Base
from crm.infra.tables import PrivateRow
from crm.people.models.people import belongs_to


class PersonWords(PrivateRow, Base):
    """`names` is what everyone may search, `words` what those who edit people may: names, numbers, addresses, notes; all folded.

    Beneath it lies a trigram index of the database's own (migration 0003): GIN on PostgreSQL, where no policy is forced on the
    owner, so that the reviewed function plenary_search() can use it; on SQLite an FTS5 table that triggers keep in step.
    """

    __tablename__ = "person_words"
    __table_args__ = (
        belongs_to("person_id", "people"),
        Index("gin_person_words_names", "names", postgresql_using="gin", postgresql_ops={"names": "gin_trgm_ops"}).ddl_if(dialect="postgresql"),
        Index("gin_person_words_words", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}).ddl_if(dialect="postgresql"),
    )
    __forced__ = False
    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    names: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
